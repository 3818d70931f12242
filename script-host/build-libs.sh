#!/bin/sh
# Builds the libraries that scripts and the script host stand on into a folder, with Debian's mcs or
# a .NET SDK (compiler.sh).
# Usage: build-libs.sh OUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?folder for the built libraries}
# shellcheck source=compiler.sh
. "$here/compiler.sh"
mkdir -p "$out"
out=$(cd "$out" && pwd)

# Mono.Cecil: of the variable, of Debian, or, for .NET, of the packages that its SDK restores.
cecil=${PACKMULE_CECIL:-/usr/lib/mono-cecil/Mono.Cecil.dll}
if [ ! -f "$cecil" ] && [ "$runtime" = dotnet ]; then
    packages=$out/packages
    mkdir -p "$packages"
    cat > "$packages/cecil.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Mono.Cecil" Version="0.11.6" />
  </ItemGroup>
</Project>
PROJECT
    "$dotnet" restore "$packages/cecil.csproj" --packages "$packages" >&2
    cp "$packages/mono.cecil/0.11.6/lib/netstandard2.0/Mono.Cecil.dll" "$out/Mono.Cecil.dll"
    rm -rf "$packages"
    cecil=$out/Mono.Cecil.dll
fi
[ -f "$cecil" ] || { echo "Mono.Cecil is missing: apt-get install libmono-cecil-cil, or let PACKMULE_CECIL name its file" >&2; exit 1; }
[ "$cecil" -ef "$out/Mono.Cecil.dll" ] || cp "$cecil" "$out/Mono.Cecil.dll"
# Its classes changed with 0.10.
cecil_version=CECIL_0_9
if grep -q InterfaceImplementation "$cecil"; then cecil_version=CECIL_0_10; fi

# library NAME FOLDER OPTIONS...: all sources of a folder become NAME.dll
library() {
    name=$1 folder=$2
    shift 2
    find "$here/$folder" -name '*.cs' | LC_ALL=C sort > "$out/$name.sources"
    compile -target:library -optimize+ -debug- -out:"$out/$name.dll" "$@" @"$out/$name.sources"
    rm "$out/$name.sources"
}
signed="-delaysign+ -keyfile:$here/keys"

# What .NET leaves to packages and scripts or the shim name; on Mono the run time has it.
library System.Data.OleDb dotnet/oledb
library System.Data.Odbc dotnet/odbc
library System.Data.SqlClient dotnet/sqlclient
library System.Diagnostics.EventLog dotnet/eventlog
library System.Configuration.ConfigurationManager dotnet/configuration
# shellcheck disable=SC2086
library ScriptShim shim -unsafe $signed/packmule.pub -r:System.Data -r:System.Xml -r:System.Xml.Linq -r:System.Core \
    -r:System.IO.Compression -r:System.IO.Compression.FileSystem
# shellcheck disable=SC2086
library ScriptForms winforms -r:"$out/ScriptShim.dll" $signed/packmule.pub
# shellcheck disable=SC2086
library ScriptVisualBasic visualbasic -r:"$out/ScriptShim.dll" -r:"$out/ScriptForms.dll" -r:System.Core -r:System.Data $signed/packmule.pub
# shellcheck disable=SC2086
library Microsoft.Vsa vsa $signed/microsoft.pub
# shellcheck disable=SC2086
library System.AddIn addin $signed/ecma.pub
# shellcheck disable=SC2086
library ADODB adodb -r:"$out/ScriptShim.dll" -r:System.Data $signed/microsoft.pub
library ScriptRewrite rewrite "-define:$cecil_version" -r:"$out/ScriptShim.dll" -r:"$out/Mono.Cecil.dll" -r:System.Core -r:System.Xml -r:System.Xml.Linq
