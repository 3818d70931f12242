# Chooses the compiler that builds the script host; to be sourced. Defines:
#   runtime       mono or dotnet: what the host is built for
#   compile ARGS  the compiler; references to .NET's own libraries are by name, as -r:System.Data
# PACKMULE_SCRIPT_RUNTIME names the runtime; without it Mono's compiler comes before a .NET SDK.
# What mcs builds runs on both runtimes; what a .NET SDK builds runs on .NET only.

runtime=${PACKMULE_SCRIPT_RUNTIME:-}
dotnet=$(command -v dotnet || true)
if [ -n "${DOTNET_ROOT:-}" ] && [ -x "$DOTNET_ROOT/dotnet" ]; then dotnet=$DOTNET_ROOT/dotnet; fi
if [ -z "$runtime" ]; then
    if command -v mcs >/dev/null; then runtime=mono; elif [ -n "$dotnet" ]; then runtime=dotnet; fi
fi
case $runtime in
mono)
    command -v mcs >/dev/null || { echo "mcs is missing: apt-get install mono-mcs" >&2; exit 1; }
    framework_major=8
    compile() { mcs -nologo "$@"; }
    ;;
dotnet)
    [ -n "$dotnet" ] || { echo "dotnet is missing: install a .NET SDK, version 8 or newer" >&2; exit 1; }
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
    # A line is "8.0.404 [/usr/lib/dotnet/sdk]"; the newest that holds a compiler counts.
    csc=$("$dotnet" --list-sdks | sort -Vr | sed 's/^\([^ ]*\) \[\(.*\)\]$/\2\/\1\/Roslyn\/bincore\/csc.dll/' | while read -r file; do
        if [ -f "$file" ]; then echo "$file"; break; fi
    done)
    [ -n "$csc" ] || { echo "there is no .NET SDK with a C# compiler beside $dotnet; a runtime alone does not build" >&2; exit 1; }
    packs=$(dirname "$csc")/../../../../packs/Microsoft.NETCore.App.Ref
    pack=$(find "$packs" -maxdepth 3 -path '*/ref/net*' -type d | sort -V | tail -1)
    [ -n "$pack" ] || { echo "the .NET SDK has no reference assemblies in $packs" >&2; exit 1; }
    framework_major=$(basename "$pack" | sed 's/^net\([0-9]*\).*/\1/')
    # All of .NET at once: which library has a class is another matter than on .NET Framework. Visual
    # Basic's library is ours.
    compile() {
        left=$#
        while [ "$left" -gt 0 ]; do
            argument=$1
            shift
            left=$((left - 1))
            case $argument in -r:System*) ;; *) set -- "$@" "$argument" ;; esac
        done
        for file in "$pack"/*.dll; do
            case $file in */Microsoft.VisualBasic*) ;; *) set -- "$@" -r:"$file" ;; esac
        done
        # And what build-libs.sh makes of that which .NET leaves to packages.
        for file in "$out"/System.Data.*.dll "$out"/System.Diagnostics.*.dll "$out"/System.Configuration.*.dll; do
            if [ -f "$file" ]; then set -- "$@" -r:"$file"; fi
        done
        "$dotnet" "$csc" -noconfig -nostdlib+ -nologo -warn:0 "$@"
    }
    ;;
*)
    echo "no compiler for the script host: apt-get install mono-mcs, or install a .NET SDK" >&2
    exit 1
    ;;
esac
