#!/bin/sh
# Builds the libraries that scripts and the script host stand on into a folder, with Debian's mcs.
# Usage: build-libs.sh OUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?folder for the built libraries}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cecil=${PACKMULE_CECIL:-/usr/lib/mono-cecil/Mono.Cecil.dll}
[ -f "$cecil" ] || { echo "Mono.Cecil is missing: apt-get install libmono-cecil-cil" >&2; exit 1; }

# library NAME FOLDER OPTIONS...: all sources of a folder become NAME.dll
library() {
    name=$1 folder=$2
    shift 2
    find "$here/$folder" -name '*.cs' | LC_ALL=C sort > "$out/$name.sources"
    mcs -nologo -target:library -optimize+ -debug- -out:"$out/$name.dll" "$@" @"$out/$name.sources"
    rm "$out/$name.sources"
}
signed="-delaysign+ -keyfile:$here/keys"

# shellcheck disable=SC2086
library ScriptShim shim $signed/packmule.pub -r:System.Data -r:System.Xml -r:System.Xml.Linq -r:System.Core \
    -r:System.IO.Compression -r:System.IO.Compression.FileSystem
# shellcheck disable=SC2086
library ScriptForms winforms -r:"$out/ScriptShim.dll" $signed/packmule.pub
# shellcheck disable=SC2086
library Microsoft.VisualBasic visualbasic -r:"$out/ScriptShim.dll" -r:"$out/ScriptForms.dll" -r:System.Core -r:System.Data $signed/microsoft.pub
# shellcheck disable=SC2086
library Microsoft.Vsa vsa $signed/microsoft.pub
# shellcheck disable=SC2086
library System.AddIn addin $signed/ecma.pub
# shellcheck disable=SC2086
library ADODB adodb -r:"$out/ScriptShim.dll" -r:System.Data $signed/microsoft.pub
cp "$cecil" "$out/Mono.Cecil.dll"
library ScriptRewrite rewrite -r:"$out/Mono.Cecil.dll" -r:System.Core -r:System.Xml -r:System.Xml.Linq
