#!/bin/sh
# Tests of the libraries that scripts stand on: values from Microsoft's documentation, path mapping,
# and every script of a folder of real packages.
# Usage: libs.sh OUT [PACKAGES]     OUT = folder that build.sh made
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:?folder of the built host}" && pwd)
# shellcheck source=../compiler.sh
. "$here/../compiler.sh"
corpus=${2:-${PACKMULE_CORPUS:-$here/../../../shared/corpus}}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$out"/*.dll "$work"

# run NAME ARGS...: a program of these tests, on the runtime that the host was built for
run() {
    name=$1
    shift
    cp "$out/packmule-script-host.runtimeconfig.json" "$work/$name.runtimeconfig.json"
    if [ "$runtime" = mono ]; then mono "$work/$name.exe" "$@"; else "$dotnet" "$work/$name.exe" "$@"; fi
}
references="-r:$work/ScriptShim.dll -r:$work/ScriptRewrite.dll -r:$work/Mono.Cecil.dll -r:$work/ScriptVisualBasic.dll -r:$work/ADODB.dll -r:$work/ScriptForms.dll -r:System.Data -r:System.Core -r:System.Xml -r:System.Xml.Linq -r:System.IO.Compression -r:System.IO.Compression.FileSystem"
# shellcheck disable=SC2086
compile -out:"$work/units.exe" $references "$here"/libs/Units*.cs
run units "${UNITS_FOLDER:-$work/files}"
if [ -d "$corpus" ]; then
    # shellcheck disable=SC2086
    compile -out:"$work/corpus.exe" $references "$here/libs/Corpus.cs"
    # Percent that can run; parts of .NET Framework that .NET lacks are missed by some.
    if [ "$runtime" = mono ]; then least=90; else least=85; fi
    run corpus "$work" "$corpus" "$least"
else
    echo "no folder of real packages at $corpus: their scripts are not tested" >&2
fi
