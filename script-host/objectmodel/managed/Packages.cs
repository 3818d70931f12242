// Microsoft.SqlServer.ManagedDTS: packages that a script makes and saves.
//
// Documented at learn.microsoft.com, "Building Packages Programmatically". Served are the package
// itself, its variables, connection managers, Sequence containers and precedence constraints, saved
// in the format of 2014 and later. Tasks (TaskHost, MainPipe) and running or loading packages are
// not: the check before a run names the missing class, and the script is refused.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Xml;
using Packmule.Script;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Runtime
{
    /// <summary>Listens to events of packages; saving raises none, so that nothing is called.</summary>
    public interface IDTSEvents
    {
    }

    /// <summary>Something that can be run.</summary>
    public abstract class Executable : DtsObject
    {
    }

    /// <summary>A container with a name and variables.</summary>
    public abstract class DtsContainer : Executable
    {
        internal static readonly ScriptRun Detached =
            new ScriptRun(null, null, new JsonObject("local").Add("run", 0L), (code, text) => new DtsRuntimeException(code, text));

        private readonly string _id = Guid.NewGuid().ToString("B").ToUpperInvariant();
        private readonly VariableList _list = new VariableList(Detached, new JsonObject("local"), 0);
        private readonly Variables _variables;

        internal DtsContainer()
        {
            Name = _id;
            Description = "";
            _variables = new Variables(_list);
        }

        /// <summary>Name; at first the identifier.</summary>
        public string Name { get; set; }

        /// <summary>Description.</summary>
        public string Description { get; set; }

        /// <summary>GUID in braces.</summary>
        public string ID { get { return _id; } }

        /// <summary>Variables of this container.</summary>
        public Variables Variables { get { return _variables; } }

        internal VariableList List { get { return _list; } }
    }

    /// <summary>A container with executables and constraints between them.</summary>
    public abstract class EventsProvider : DtsContainer
    {
        private readonly Executables _executables = new Executables();
        private readonly PrecedenceConstraints _constraints;

        internal EventsProvider()
        {
            _constraints = new PrecedenceConstraints(_executables);
        }

        internal Executables Children { get { return _executables; } }

        internal PrecedenceConstraints Constraints { get { return _constraints; } }
    }

    /// <summary>A Sequence container. Documented: class Sequence.</summary>
    public sealed class Sequence : EventsProvider
    {
        internal Sequence()
        {
        }

        /// <summary>What it holds.</summary>
        public Executables Executables { get { return Children; } }

        /// <summary>The constraints between what it holds.</summary>
        public PrecedenceConstraints PrecedenceConstraints { get { return Constraints; } }
    }

    /// <summary>A package. Documented: class Package.</summary>
    public sealed class Package : EventsProvider
    {
        private readonly Connections _connections = new Connections(Detached, new ConnectionSlot[0]);

        /// <summary>An empty package.</summary>
        public Package()
        {
            CreatorName = Environment.UserName;
            CreatorComputerName = Environment.MachineName;
            CreationDate = DateTime.Now;
        }

        /// <summary>What it holds.</summary>
        public Executables Executables { get { return Children; } }

        /// <summary>The constraints between what it holds.</summary>
        public PrecedenceConstraints PrecedenceConstraints { get { return Constraints; } }

        /// <summary>The connection managers.</summary>
        public Connections Connections { get { return _connections; } }

        /// <summary>Who made it.</summary>
        public string CreatorName { get; set; }

        /// <summary>Where it was made.</summary>
        public string CreatorComputerName { get; set; }

        /// <summary>When it was made.</summary>
        public DateTime CreationDate { get; set; }

        /// <summary>The package as text. The second argument is not looked at: nothing is raised.</summary>
        public void SaveToXML(out string packageXml, IDTSEvents events)
        {
            packageXml = PackageWriter.Write(this);
        }
    }

    /// <summary>What a container holds. Documented: class Executables.</summary>
    public sealed class Executables : DTSCollectionBase
    {
        private readonly List<Executable> _items = new List<Executable>();

        internal Executables()
        {
        }

        internal List<Executable> Items { get { return _items; } }

        /// <inheritdoc/>
        public override int Count { get { return _items.Count; } }

        /// <summary>By position or name. Missing: 0xC0010009.</summary>
        public Executable this[object index]
        {
            get
            {
                var name = index as string;
                var at = name == null ? Convert.ToInt32(index, CultureInfo.InvariantCulture) : _items.FindIndex(e => ((DtsContainer)e).Name == name || ((DtsContainer)e).ID == name);
                if (at < 0 || at >= _items.Count) throw new DtsRuntimeException(Codes.ElementNotFound, Codes.ElementNotFoundText);
                return _items[at];
            }
        }

        /// <summary>Adds a container by its moniker; STOCK:SEQUENCE is served.</summary>
        /// <exception cref="NotSupportedException">Any other moniker.</exception>
        public Executable Add(string moniker)
        {
            if (!string.Equals(moniker, "STOCK:SEQUENCE", StringComparison.OrdinalIgnoreCase))
            {
                throw new NotSupportedException("Executables.Add(\"" + moniker + "\"): scripts can make packages of Sequence containers only; generate the package beforehand, or use property expressions");
            }
            var made = new Sequence();
            _items.Add(made);
            return made;
        }

        /// <inheritdoc/>
        protected override IEnumerator Elements() { return _items.GetEnumerator(); }
    }

    /// <summary>How a constraint decides.</summary>
    public enum DTSPrecedenceEvalOp
    {
        /// <summary>By the expression.</summary>
        Expression = 1,
        /// <summary>By the result.</summary>
        Constraint = 2,
        /// <summary>By both.</summary>
        ExpressionAndConstraint = 3,
        /// <summary>By one of them.</summary>
        ExpressionOrConstraint = 4,
    }

    /// <summary>A constraint between two executables. Documented: class PrecedenceConstraint.</summary>
    public sealed class PrecedenceConstraint : DtsObject
    {
        internal PrecedenceConstraint(Executable from, Executable to, string name)
        {
            PrecedenceExecutable = from;
            ConstrainedExecutable = to;
            Name = name;
            ID = Guid.NewGuid().ToString("B").ToUpperInvariant();
            LogicalAnd = true;
            Expression = "";
            EvalOp = DTSPrecedenceEvalOp.Constraint;
        }

        /// <summary>What runs first.</summary>
        public Executable PrecedenceExecutable { get; private set; }
        /// <summary>What waits.</summary>
        public Executable ConstrainedExecutable { get; private set; }
        /// <summary>Name.</summary>
        public string Name { get; set; }
        /// <summary>GUID in braces.</summary>
        public string ID { get; private set; }
        /// <summary>The result that lets the other run; Success at first.</summary>
        public DTSExecResult Value { get; set; }
        /// <summary>Whether all constraints of the other must hold; true at first.</summary>
        public bool LogicalAnd { get; set; }
        /// <summary>How it decides; by the result at first.</summary>
        public DTSPrecedenceEvalOp EvalOp { get; set; }
        /// <summary>The expression.</summary>
        public string Expression { get; set; }
    }

    /// <summary>The constraints of a container. Documented: class PrecedenceConstraints.</summary>
    public sealed class PrecedenceConstraints : DTSCollectionBase
    {
        private readonly List<PrecedenceConstraint> _items = new List<PrecedenceConstraint>();
        private readonly Executables _of;

        internal PrecedenceConstraints(Executables of)
        {
            _of = of;
        }

        internal List<PrecedenceConstraint> Items { get { return _items; } }

        /// <inheritdoc/>
        public override int Count { get { return _items.Count; } }

        /// <summary>Adds a constraint between two executables of the container.</summary>
        /// <exception cref="DtsRuntimeException">One of them is not there.</exception>
        public PrecedenceConstraint Add(Executable execFrom, Executable execTo)
        {
            if (!_of.Items.Contains(execFrom) || !_of.Items.Contains(execTo)) throw new DtsRuntimeException(Codes.ElementNotFound, Codes.ElementNotFoundText);
            var made = new PrecedenceConstraint(execFrom, execTo, _items.Count == 0 ? "Constraint" : "Constraint " + _items.Count);
            _items.Add(made);
            return made;
        }

        /// <inheritdoc/>
        protected override IEnumerator Elements() { return _items.GetEnumerator(); }
    }

    /// <summary>Saves packages. Documented: class Application.</summary>
    public sealed class Application : DtsObject
    {
        /// <summary>Nothing to prepare.</summary>
        public Application()
        {
        }

        /// <summary>Writes a package to a file, whose path is mapped. Nothing is raised, so that the
        /// listener is not called.</summary>
        public void SaveToXml(string fileName, Package package, IDTSEvents events)
        {
            if (package == null) throw new ArgumentNullException("package");
            File.WriteAllText(ScriptContext.Current.Map(fileName), PackageWriter.Write(package), new UTF8Encoding(false));
        }
    }

    /// <summary>A package in the format of 2014 and later.</summary>
    internal sealed class PackageWriter
    {
        private const string Dts = "www.microsoft.com/SqlServer/Dts";
        private readonly XmlWriter _xml;

        private PackageWriter(XmlWriter xml)
        {
            _xml = xml;
        }

        public static string Write(Package package)
        {
            var text = new StringBuilder("<?xml version=\"1.0\"?>\r\n");
            using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\r\n" })) new PackageWriter(xml).Package(package);
            return text.ToString();
        }

        private void Start(string name)
        {
            _xml.WriteStartElement("DTS", name, Dts);
        }

        private void Set(string name, string value)
        {
            _xml.WriteAttributeString("DTS", name, Dts, value);
        }

        private void Package(Package package)
        {
            Start("Executable");
            Set("refId", "Package");
            Set("CreationDate", package.CreationDate.ToString("M/d/yyyy h:mm:ss tt", CultureInfo.InvariantCulture));
            Set("CreationName", "Microsoft.Package");
            Set("CreatorComputerName", package.CreatorComputerName);
            Set("CreatorName", package.CreatorName);
            Named(package, "Microsoft.Package");
            Set("LocaleID", "1033");
            Set("VersionGUID", Guid.NewGuid().ToString("B").ToUpperInvariant());
            Start("Property");
            Set("Name", "PackageFormatVersion");
            _xml.WriteString("8");
            _xml.WriteEndElement();
            Start("ConnectionManagers");
            foreach (var manager in package.Connections) Connection(manager);
            _xml.WriteEndElement();
            Content(package, "Package");
            _xml.WriteEndElement();
        }

        private void Named(DtsContainer container, string type)
        {
            if (container.Description.Length > 0) Set("Description", container.Description);
            Set("DTSID", container.ID);
            Set("ExecutableType", type);
            Set("ObjectName", container.Name);
        }

        private void Connection(object of)
        {
            var manager = (ConnectionManager)of;
            Start("ConnectionManager");
            Set("refId", "Package.ConnectionManagers[" + manager.Name + "]");
            Set("CreationName", manager.CreationName);
            if (manager.Description.Length > 0) Set("Description", manager.Description);
            Set("DTSID", manager.ID);
            Set("ObjectName", manager.Name);
            Start("ObjectData");
            Start("ConnectionManager");
            Set("ConnectionString", WithoutPassword(manager.ConnectionString));
            _xml.WriteEndElement();
            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }

        /// <summary>A package is no place for a password in plain text; SSIS leaves it out as well unless
        /// it can encrypt it.</summary>
        private static string WithoutPassword(string text)
        {
            var parts = new List<string>();
            foreach (var part in text.Split(';'))
            {
                var key = part.Split('=')[0].Trim();
                if (!key.EndsWith("password", StringComparison.OrdinalIgnoreCase) && !key.Equals("pwd", StringComparison.OrdinalIgnoreCase)) parts.Add(part);
            }
            return string.Join(";", parts.ToArray());
        }

        private void Content(EventsProvider container, string path)
        {
            Start("Variables");
            foreach (var slot in container.List.Slots) Variable(slot);
            _xml.WriteEndElement();
            Start("Executables");
            foreach (var child in container.Children.Items)
            {
                var sequence = (Sequence)child;
                var own = path + "\\" + sequence.Name;
                Start("Executable");
                Set("refId", own);
                Set("CreationName", "STOCK:SEQUENCE");
                Named(sequence, "STOCK:SEQUENCE");
                Set("LocaleID", "-1");
                Content(sequence, own);
                _xml.WriteEndElement();
            }
            _xml.WriteEndElement();
            if (container.Constraints.Count == 0) return;
            Start("PrecedenceConstraints");
            foreach (var constraint in container.Constraints.Items) Constraint(constraint, path);
            _xml.WriteEndElement();
        }

        private void Constraint(PrecedenceConstraint constraint, string path)
        {
            Start("PrecedenceConstraint");
            Set("refId", path + ".PrecedenceConstraints[" + constraint.Name + "]");
            Set("CreationName", "");
            Set("DTSID", constraint.ID);
            if (constraint.EvalOp != DTSPrecedenceEvalOp.Constraint) Set("EvalOp", ((int)constraint.EvalOp).ToString(CultureInfo.InvariantCulture));
            if (constraint.Expression.Length > 0) Set("Expression", constraint.Expression);
            Set("From", path + "\\" + ((DtsContainer)constraint.PrecedenceExecutable).Name);
            Set("LogicalAnd", constraint.LogicalAnd ? "True" : "False");
            Set("ObjectName", constraint.Name);
            Set("To", path + "\\" + ((DtsContainer)constraint.ConstrainedExecutable).Name);
            if (constraint.Value != DTSExecResult.Success) Set("Value", ((int)constraint.Value).ToString(CultureInfo.InvariantCulture));
            _xml.WriteEndElement();
        }

        private void Variable(VariableSlot slot)
        {
            Start("Variable");
            Set("CreationName", "");
            Set("DTSID", slot.Id);
            Set("Namespace", slot.Namespace);
            Set("ObjectName", slot.Name);
            if (slot.ReadOnly) Set("ReadOnly", "True");
            Start("VariableValue");
            string text;
            Set("DataType", TypeOf(slot.Get(), out text).ToString(CultureInfo.InvariantCulture));
            _xml.WriteAttributeString("xml", "space", null, "preserve");
            _xml.WriteString(text);
            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }

        /// <summary>The number of a variable's type in a package (that of a VARIANT) and its text.</summary>
        private static int TypeOf(object value, out string text)
        {
            text = Convert.ToString(value, CultureInfo.InvariantCulture);
            switch (value == null ? TypeCode.Object : Type.GetTypeCode(value.GetType()))
            {
                case TypeCode.Boolean:
                    text = (bool)value ? "-1" : "0";
                    return 11;
                case TypeCode.SByte:
                    return 16;
                case TypeCode.Byte:
                    return 17;
                case TypeCode.Int16:
                    return 2;
                case TypeCode.Char:
                    text = ((int)(char)value).ToString(CultureInfo.InvariantCulture);
                    return 18;
                case TypeCode.UInt16:
                    return 18;
                case TypeCode.Int32:
                    return 3;
                case TypeCode.UInt32:
                    return 19;
                case TypeCode.Int64:
                    return 20;
                case TypeCode.UInt64:
                    return 21;
                case TypeCode.Single:
                    return 4;
                case TypeCode.Double:
                    return 5;
                case TypeCode.Decimal:
                    return 14;
                case TypeCode.DateTime:
                    text = ((DateTime)value).ToString("M/d/yyyy h:mm:ss tt", CultureInfo.InvariantCulture);
                    return 7;
                case TypeCode.String:
                    return 8;
                default:
                    text = "";
                    return 13;
            }
        }
    }
}
