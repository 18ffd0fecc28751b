#!/bin/sh
# Writes imports.go: an import for each v3 package of the Envoy API in go.mod, so that its descriptors are in the program.
set -eu
cd "$(dirname "$0")"
{
  printf '// Written by imports.sh.\npackage main\n\nimport (\n'
  go list -mod=mod -f '	_ "{{.ImportPath}}"' github.com/envoyproxy/go-control-plane/envoy/... | grep '/v3"$'
  printf ')\n'
} >imports.go.new
mv imports.go.new imports.go
