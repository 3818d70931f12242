#!/bin/sh
# Builds the script host into a folder, with Debian's mcs: seconds, no network.
# Usage: build.sh OUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?folder for the built host}
command -v mcs >/dev/null || { echo "mcs is missing: apt-get install mono-mcs" >&2; exit 1; }
"$here/build-libs.sh" "$out"
out=$(cd "$out" && pwd)
key="-delaysign+ -keyfile:$here/keys/sqlserver.pub"

# assembly NAME FOLDERS OPTIONS...: all sources of folders (comma list) become NAME
assembly() {
    name=$1 folders=$2
    shift 2
    (cd "$here" && find $(echo "$folders" | tr , ' ') -name '*.cs' | LC_ALL=C sort) > "$out/$name.sources"
    (cd "$here" && mcs -nologo -unsafe -optimize+ -debug- -out:"$out/$name" "$@" @"$out/$name.sources")
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
cp "$here/host/app.config" "$out/packmule-script-host.exe.config"
# What the host runs to warm itself up: built like the scripts of packages.
assembly warm-task.dll warm/task -target:library -lib:"$out" -r:Microsoft.SqlServer.ManagedDTS.dll -r:Microsoft.SqlServer.ScriptTask.dll \
    -r:ScriptForms.dll -r:System.Data.dll -r:System.Xml.dll -r:System.Configuration.dll -r:System.Core.dll
# shellcheck disable=SC2086
assembly warm-component.dll warm/component -target:library -lib:"$out" -r:Microsoft.SqlServer.TxScript.dll $transform
