import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

/** Turns a PEM bundle into a trust store, in one second where keytool takes one for every few certificates. */
class TrustHost {
    public static void main(String[] paths) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = new FileInputStream(paths[0]); var out = new FileOutputStream(paths[1])) {
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("host-" + number++, certificate);
            }
            store.store(out, "changeit".toCharArray());
        }
    }
}
