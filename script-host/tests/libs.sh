#!/bin/sh
# Tests of the libraries that scripts stand on: values from Microsoft's documentation, path mapping,
# and every script of a folder of real packages.
# Usage: libs.sh OUT [PACKAGES]     OUT = folder that build.sh made
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:?folder of the built host}" && pwd)
corpus=${2:-${PACKMULE_CORPUS:-$here/../../../shared/corpus}}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$out"/*.dll "$work"
references="-r:$work/ScriptShim.dll -r:$work/ScriptRewrite.dll -r:$work/Mono.Cecil.dll -r:$work/Microsoft.VisualBasic.dll -r:$work/ADODB.dll -r:$work/ScriptForms.dll -r:System.Data -r:System.Core -r:System.Xml -r:System.Xml.Linq -r:System.IO.Compression -r:System.IO.Compression.FileSystem"
# shellcheck disable=SC2086
mcs -nologo -out:"$work/units.exe" $references "$here"/libs/Units*.cs
mono "$work/units.exe" "${UNITS_FOLDER:-$work/files}"
if [ -d "$corpus" ]; then
    # shellcheck disable=SC2086
    mcs -nologo -out:"$work/corpus.exe" $references "$here/libs/Corpus.cs"
    mono "$work/corpus.exe" "$work" "$corpus" 90
else
    echo "no folder of real packages at $corpus: their scripts are not tested" >&2
fi
