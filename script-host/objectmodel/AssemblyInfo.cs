// The identity that scripts bind to: version 16.0.0.0 serves the references of every version, since
// the host answers by simple name. The public key is the known one of these assemblies.

using System.Reflection;

[assembly: AssemblyVersion("16.0.0.0")]
