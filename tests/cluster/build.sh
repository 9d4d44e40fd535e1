#!/usr/bin/env bash
# Builds the cluster's programs from pinned Go modules into the cache, each once for each version: `build.sh [part...]`.
# A second call waits for the first. Cold, on two cores: Kubernetes about 8 minutes, Argo CD 7, the rest 9.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

programs=$cache/bin
export CGO_ENABLED=0 GOFLAGS=-trimpath

# The place of a program's binary; what it is built from is part of the name.
place() {
  case $1 in
    hyperkube) echo "$programs/hyperkube-$kubernetes-$(sources hyperkube)" ;;
    coredns) echo "$programs/coredns-$coredns-$(sources coredns)" ;;
    argocd) echo "$programs/argocd-$argocd-$(sources argocd)" ;;
    workload) echo "$programs/workload-$(sources workload)" ;;
    metrics-server) echo "$programs/metrics-server-$metrics_server" ;;
    contour) echo "$programs/contour-$contour" ;;
    kustomize) echo "$programs/kustomize-$kustomize" ;;
    sops) echo "$programs/sops-$sops" ;;
    age-keygen) echo "$programs/age-keygen-$age" ;;
    *) fail "there is no program $1" "hyperkube, coredns, workload, metrics-server, contour, kustomize, argocd, sops, age-keygen" ;;
  esac
}
sources() { find "$here/go/$1" -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-12; }

compile() {
  local part=$1 out=$2 v=k8s.io/component-base/version
  case $part in
    hyperkube)
      module hyperkube . "-X $v.gitVersion=v$kubernetes -X $v.gitMajor=1 -X $v.gitMinor=34 -X $v.gitTreeState=clean
        -X $v.gitCommit=0000000000000000000000000000000000000000 -X $v.buildDate=2026-01-01T00:00:00Z
        -X k8s.io/client-go/pkg/version.gitVersion=v$kubernetes"
      ;;
    coredns | workload) module "$part" . '' ;;
    # Without its version (and no v), its own command line refuses its server.
    argocd) module argocd github.com/argoproj/argo-cd/v3/cmd "-X github.com/argoproj/argo-cd/v3/common.version=$argocd" ;;
    metrics-server) install "sigs.k8s.io/metrics-server/cmd/metrics-server@v$metrics_server" ;;
    contour) install "github.com/projectcontour/contour/cmd/contour@v$contour" ;;
    kustomize) install "sigs.k8s.io/kustomize/kustomize/v5@v$kustomize" ;;
    sops) install "github.com/getsops/sops/v3/cmd/sops@v$sops" ;;
    age-keygen) install "filippo.io/age/cmd/age-keygen@v$age" ;;
  esac
}
# What a part needs of its module beside its program: the definitions of its kinds.
definitions() {
  local source
  case $1 in
    contour) source="$(folder_of github.com/projectcontour/contour "$contour")/examples/contour/01-crds.yaml" ;;
    argocd) source="$(folder_of github.com/argoproj/argo-cd/v3 "$argocd")/manifests/crds/*-crd.yaml" ;;
    *) return 0 ;;
  esac
  # shellcheck disable=SC2086 # the pattern's files
  for file in $source; do
    echo ---
    cat "$file"
  done >"$2.yaml"
}
folder_of() { echo "$(go env GOMODCACHE)/$1@v$2"; }
module() { (cd "$here/go/$1" && go build -o "$out.part" -ldflags "-s -w $3" "$2"); }
install() {
  GOBIN=$out.folder go install -ldflags "-s -w" "$1"
  mv "$out.folder"/* "$out.part"
  rmdir "$out.folder"
}

mkdir -p "$programs"
exec 8>"$programs/lock"
flock 8
[ $# -gt 0 ] || set -- hyperkube coredns workload metrics-server contour kustomize argocd sops age-keygen
for part in "$@"; do
  out=$(place "$part")
  if [ ! -x "$out" ]; then
    command -v go >/dev/null || fail "Go is missing; $part is built with it" "install Go 1.26 or newer"
    began=$SECONDS
    say "==> Building $part"
    compile "$part" "$out" >&2
    definitions "$part" "$out"
    mv "$out.part" "$out"
    say "    $part took $((SECONDS - began)) s"
  fi
  ln -sfn "${out##*/}" "$programs/$part"
  [ ! -e "$out.yaml" ] || ln -sfn "${out##*/}.yaml" "$programs/$part.yaml"
done
