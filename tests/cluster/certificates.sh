# shellcheck shell=bash disable=SC2154 # sourced; settings.sh says the rest
# Keys, certificates and kubeconfigs of a cluster that lives for hours.

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null; }

authority() { # name
  new_key "$pki/$1.key"
  openssl req -x509 -new -key "$pki/$1.key" -subj "/CN=blissful-$1" -days 30 -out "$pki/$1.crt" \
    -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature
}

certificate() { # authority, name, subject, alternative names
  new_key "$pki/$2.key"
  openssl req -new -key "$pki/$2.key" -subj "$3" -out "$pki/$2.csr"
  openssl x509 -req -in "$pki/$2.csr" -CA "$pki/$1.crt" -CAkey "$pki/$1.key" -CAcreateserial -days 30 -out "$pki/$2.crt" \
    -extfile <(printf 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n%s\n' \
      "${4:+subjectAltName=$4}") 2>/dev/null
}

kubeconfig() { # file, certificate
  (
    umask 077
    cat >"$1" <<END
apiVersion: v1
kind: Config
clusters:
  - name: blissful-test
    cluster: {server: "https://$node_ip:6443", certificate-authority-data: $(base64 -w0 <"$pki/ca.crt")}
users:
  - name: $2
    user: {client-certificate-data: $(base64 -w0 <"$pki/$2.crt"), client-key-data: $(base64 -w0 <"$pki/$2.key")}
contexts:
  - name: blissful-test
    context: {cluster: blissful-test, user: $2}
current-context: blissful-test
END
  )
}

write_certificates() {
  mkdir -m 0700 "$pki"
  authority ca
  authority front-proxy-ca
  new_key "$pki/accounts.key"
  openssl ec -in "$pki/accounts.key" -pubout -out "$pki/accounts.pub" 2>/dev/null
  certificate ca apiserver /CN=kube-apiserver "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,\
DNS:localhost,IP:${services%.0/*}.1,IP:127.0.0.1,IP:$node_ip"
  certificate ca apiserver-kubelet /O=system:masters/CN=apiserver-kubelet
  certificate front-proxy-ca front-proxy-client /CN=front-proxy-client
  certificate ca admin /O=system:masters/CN=admin
  certificate ca controller-manager /CN=system:kube-controller-manager IP:127.0.0.1
  certificate ca scheduler /CN=system:kube-scheduler
  certificate ca proxy /CN=system:kube-proxy
  certificate ca kubelet "/O=system:nodes/CN=system:node:$node" "DNS:$node,IP:$node_ip"
  local name
  for name in controller-manager scheduler proxy kubelet; do kubeconfig "$configuration/$name.kubeconfig" "$name"; done
  kubeconfig "$run/kubeconfig" admin
}
