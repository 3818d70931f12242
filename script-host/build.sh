#!/bin/sh
# Builds the script host into a folder, with Debian's mcs or a .NET SDK (compiler.sh): seconds, no
# network but for Mono.Cecil where Debian's is not there.
# Usage: build.sh OUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?folder for the built host}
# shellcheck source=compiler.sh
. "$here/compiler.sh"
# What an earlier build left may be for another runtime, or named otherwise.
rm -f "$out"/packmule-script-host.* "$out"/Microsoft.VisualBasic.dll "$out"/*.so
"$here/build-libs.sh" "$out"
out=$(cd "$out" && pwd)
key="-delaysign+ -keyfile:$here/keys/sqlserver.pub"

# assembly NAME FOLDERS OPTIONS...: all sources of folders (comma list) become NAME
assembly() {
    name=$1 folders=$2
    shift 2
    (cd "$here" && find $(echo "$folders" | tr , ' ') -name '*.cs' | LC_ALL=C sort) > "$out/$name.sources"
    (cd "$here" && compile -unsafe -optimize+ -debug- -out:"$out/$name" "$@" @"$out/$name.sources")
    rm "$out/$name.sources"
}

# model NAME FOLDERS REFERENCES...: an assembly of the object model, with SSIS's identity
model() {
    doc=$1 name=Microsoft.SqlServer.$1 folders=objectmodel/AssemblyInfo.cs,$2
    shift 2
    # shellcheck disable=SC2086
    assembly "$name.dll" "$folders" -target:library -lib:"$out" -r:Packmule.ScriptHost.Core.dll -r:ScriptShim.dll -r:System.Data.dll -doc:"$out/Microsoft.SqlServer.$doc.xml" $key "$@"
}

assembly Packmule.ScriptHost.Core.dll core -target:library -delaysign+ "-keyfile:$here/keys/packmule.pub" -lib:"$out" -r:ScriptShim.dll -r:System.Data.dll
model DTSRuntimeWrap objectmodel/runtimewrap
model ManagedDTS objectmodel/managed -r:Microsoft.SqlServer.DTSRuntimeWrap.dll
model ScriptTask objectmodel/scripttask -r:Microsoft.SqlServer.ManagedDTS.dll
model SQLTask objectmodel/sqltask
model DTSPipelineWrap objectmodel/pipelinewrap -r:Microsoft.SqlServer.DTSRuntimeWrap.dll
model PipelineHost objectmodel/pipelinehost
transform="-r:Microsoft.SqlServer.DTSRuntimeWrap.dll -r:Microsoft.SqlServer.DTSPipelineWrap.dll -r:Microsoft.SqlServer.PipelineHost.dll"
# shellcheck disable=SC2086
model TxScript objectmodel/txscript $transform
# shellcheck disable=SC2086
model TxScript.90 objectmodel/txscript -define:SSIS2005 $transform
assembly packmule-script-host.exe host -target:exe -lib:"$out" -r:Packmule.ScriptHost.Core.dll -r:ScriptShim.dll \
    -r:ScriptRewrite.dll -r:ADODB.dll -r:Mono.Cecil.dll -r:System.Core.dll -r:System.Data.dll -r:System.Xml.dll $transform \
    -r:Microsoft.SqlServer.ManagedDTS.dll -r:Microsoft.SqlServer.ScriptTask.dll -r:Microsoft.SqlServer.TxScript.dll \
    -r:old="$out/Microsoft.SqlServer.TxScript.90.dll"
# Each runtime's settings, beside a host that is for it.
if [ "$runtime" = mono ]; then cp "$here/host/app.config" "$out/packmule-script-host.exe.config"; fi
sed "s/@MAJOR@/$framework_major/" "$here/host/runtimeconfig.json" > "$out/packmule-script-host.runtimeconfig.json"
# What the host runs to warm itself up: built like the scripts of packages.
assembly warm-task.dll warm/task -target:library -lib:"$out" -r:Microsoft.SqlServer.ManagedDTS.dll -r:Microsoft.SqlServer.ScriptTask.dll \
    -r:ScriptForms.dll -r:System.Data.dll -r:System.Xml.dll -r:System.Configuration.dll -r:System.Core.dll
# shellcheck disable=SC2086
assembly warm-component.dll warm/component -target:library -lib:"$out" -r:Microsoft.SqlServer.TxScript.dll $transform
# Compiled ahead, the host starts in half the time; without an assembler and a linker it does as well.
if [ "$runtime" = mono ] && command -v as >/dev/null && command -v ld >/dev/null; then
    for file in "$out"/*.dll "$out"/packmule-script-host.exe; do
        mono --aot "$file" >/dev/null 2>&1 || rm -f "$file.so"
    done
fi
