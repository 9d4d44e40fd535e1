import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

/** Turns a bundle of certificates (PEM) into a trust store for Maven: `java TrustStore.java <bundle> <store>`. */
class TrustStore {
    public static void main(String[] paths) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var bundle = new FileInputStream(paths[0]); var file = new FileOutputStream(paths[1])) {
            var number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(bundle)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            store.store(file, "changeit".toCharArray());
        }
    }
}
