// Single members of .NET that scripts call with paths, or whose answer is another on Windows.
//
// The types stay .NET's own; only these members are redirected (see Rewriter): constructors become
// factories, methods take their object as first parameter. Each maps its path and calls the member
// of the same name; what that does is documented at learn.microsoft.com for .NET Framework 4.8.

using System;
using System.Data;
using System.IO;
using System.IO.Compression;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using System.Xml.XPath;
using System.Xml.Xsl;

namespace Packmule.Script.IO
{
    /// <summary>Redirected members of XML, data, network and compression classes.</summary>
    public static class LibraryMembers
    {
        private static string Map(string path)
        {
            return ScriptContext.Current.Map(path);
        }

        /// <summary>A place that may be an address or a path: addresses stay, files are mapped.</summary>
        private static string Uri(string place)
        {
            if (place == null) return null;
            var scheme = place.IndexOf("://", StringComparison.Ordinal);
            if (scheme > 1 && !place.StartsWith("file:", StringComparison.OrdinalIgnoreCase)) return place;
            return Map(scheme > 1 ? new System.Uri(place).LocalPath : place);
        }

        private static XmlWriterSettings Lines(XmlWriterSettings settings)
        {
            var own = settings == null ? new XmlWriterSettings() : settings.Clone();
            if (own.NewLineChars == System.Environment.NewLine) own.NewLineChars = ScriptContext.Current.NewLine;
            return own;
        }

        private static Attachment Named(Attachment attachment, string fileName)
        {
            attachment.Name = Path.GetFileName(fileName);
            return attachment;
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlDocument", "Load")]
        public static void XmlDocument_Load(XmlDocument it, string filename)
        {
            it.Load(Uri(filename));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlDocument", "Save")]
        public static void XmlDocument_Save(XmlDocument it, string filename)
        {
            it.Save(Map(filename));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlTextReader", ".ctor")]
        public static XmlTextReader XmlTextReader_New(string url)
        {
            return new XmlTextReader(Uri(url));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlTextReader", ".ctor")]
        public static XmlTextReader XmlTextReader_New(string url, XmlNameTable names)
        {
            return new XmlTextReader(Uri(url), names);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlTextWriter", ".ctor")]
        public static XmlTextWriter XmlTextWriter_New(string filename, Encoding encoding)
        {
            return new XmlTextWriter(Map(filename), encoding);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlReader", "Create", IsStatic = true)]
        public static XmlReader XmlReader_Create(string inputUri)
        {
            return XmlReader.Create(Uri(inputUri));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlReader", "Create", IsStatic = true)]
        public static XmlReader XmlReader_Create(string inputUri, XmlReaderSettings settings)
        {
            return XmlReader.Create(Uri(inputUri), settings);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XmlReader", "Create", IsStatic = true)]
        public static XmlReader XmlReader_Create(string inputUri, XmlReaderSettings settings, XmlParserContext context)
        {
            return XmlReader.Create(Uri(inputUri), settings, context);
        }

        /// <summary>Maps its path; lines end as on Windows.</summary>
        [Replaces("System.Xml.XmlWriter", "Create", IsStatic = true)]
        public static XmlWriter XmlWriter_Create(string outputFileName)
        {
            return XmlWriter.Create(Map(outputFileName), Lines(null));
        }

        /// <summary>Maps its path; lines end as on Windows.</summary>
        [Replaces("System.Xml.XmlWriter", "Create", IsStatic = true)]
        public static XmlWriter XmlWriter_Create(string outputFileName, XmlWriterSettings settings)
        {
            return XmlWriter.Create(Map(outputFileName), Lines(settings));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.Xml.XmlWriterSettings", ".ctor")]
        public static XmlWriterSettings XmlWriterSettings_New()
        {
            return new XmlWriterSettings { NewLineChars = ScriptContext.Current.NewLine };
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XPath.XPathDocument", ".ctor")]
        public static XPathDocument XPathDocument_New(string uri)
        {
            return new XPathDocument(Uri(uri));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.XPath.XPathDocument", ".ctor")]
        public static XPathDocument XPathDocument_New(string uri, XmlSpace space)
        {
            return new XPathDocument(Uri(uri), space);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Xsl.XslCompiledTransform", "Load")]
        public static void XslCompiledTransform_Load(XslCompiledTransform it, string stylesheetUri)
        {
            it.Load(Uri(stylesheetUri));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Xsl.XslCompiledTransform", "Load")]
        public static void XslCompiledTransform_Load(XslCompiledTransform it, string stylesheetUri, XsltSettings settings, XmlResolver resolver)
        {
            it.Load(Uri(stylesheetUri), settings, resolver);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Xsl.XslCompiledTransform", "Transform")]
        public static void XslCompiledTransform_Transform(XslCompiledTransform it, string inputUri, string resultsFile)
        {
            it.Transform(Uri(inputUri), Map(resultsFile));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Xsl.XslCompiledTransform", "Transform")]
        public static void XslCompiledTransform_Transform(XslCompiledTransform it, string inputUri, XmlWriter results)
        {
            it.Transform(Uri(inputUri), results);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Xsl.XslCompiledTransform", "Transform")]
        public static void XslCompiledTransform_Transform(XslCompiledTransform it, string inputUri, XsltArgumentList arguments, Stream results)
        {
            it.Transform(Uri(inputUri), arguments, results);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Xsl.XslCompiledTransform", "Transform")]
        public static void XslCompiledTransform_Transform(XslCompiledTransform it, string inputUri, XsltArgumentList arguments, XmlWriter results)
        {
            it.Transform(Uri(inputUri), arguments, results);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Schema.XmlSchemaSet", "Add")]
        public static XmlSchema XmlSchemaSet_Add(XmlSchemaSet it, string targetNamespace, string schemaUri)
        {
            return it.Add(targetNamespace, Uri(schemaUri));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XDocument", "Load", IsStatic = true)]
        public static XDocument XDocument_Load(string uri)
        {
            return XDocument.Load(Uri(uri));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XDocument", "Load", IsStatic = true)]
        public static XDocument XDocument_Load(string uri, LoadOptions options)
        {
            return XDocument.Load(Uri(uri), options);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XDocument", "Save")]
        public static void XDocument_Save(XDocument it, string fileName)
        {
            it.Save(Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XDocument", "Save")]
        public static void XDocument_Save(XDocument it, string fileName, SaveOptions options)
        {
            it.Save(Map(fileName), options);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XElement", "Load", IsStatic = true)]
        public static XElement XElement_Load(string uri)
        {
            return XElement.Load(Uri(uri));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XElement", "Load", IsStatic = true)]
        public static XElement XElement_Load(string uri, LoadOptions options)
        {
            return XElement.Load(Uri(uri), options);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XElement", "Save")]
        public static void XElement_Save(XElement it, string fileName)
        {
            it.Save(Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Xml.Linq.XElement", "Save")]
        public static void XElement_Save(XElement it, string fileName, SaveOptions options)
        {
            it.Save(Map(fileName), options);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataSet", "ReadXml")]
        public static XmlReadMode DataSet_ReadXml(DataSet it, string fileName)
        {
            return it.ReadXml(Uri(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataSet", "ReadXmlSchema")]
        public static void DataSet_ReadXmlSchema(DataSet it, string fileName)
        {
            it.ReadXmlSchema(Uri(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataSet", "WriteXml")]
        public static void DataSet_WriteXml(DataSet it, string fileName)
        {
            it.WriteXml(Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataSet", "WriteXml")]
        public static void DataSet_WriteXml(DataSet it, string fileName, XmlWriteMode mode)
        {
            it.WriteXml(Map(fileName), mode);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataSet", "WriteXmlSchema")]
        public static void DataSet_WriteXmlSchema(DataSet it, string fileName)
        {
            it.WriteXmlSchema(Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataTable", "ReadXml")]
        public static XmlReadMode DataTable_ReadXml(DataTable it, string fileName)
        {
            return it.ReadXml(Uri(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataTable", "ReadXmlSchema")]
        public static void DataTable_ReadXmlSchema(DataTable it, string fileName)
        {
            it.ReadXmlSchema(Uri(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataTable", "WriteXml")]
        public static void DataTable_WriteXml(DataTable it, string fileName)
        {
            it.WriteXml(Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataTable", "WriteXml")]
        public static void DataTable_WriteXml(DataTable it, string fileName, XmlWriteMode mode)
        {
            it.WriteXml(Map(fileName), mode);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataTable", "WriteXmlSchema")]
        public static void DataTable_WriteXmlSchema(DataTable it, string fileName)
        {
            it.WriteXmlSchema(Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Data.DataSet", "ReadXml")]
        public static XmlReadMode DataSet_ReadXml(DataSet it, string fileName, XmlReadMode mode)
        {
            return it.ReadXml(Uri(fileName), mode);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "DownloadFile")]
        public static void WebClient_DownloadFile(WebClient it, string address, string fileName)
        {
            it.DownloadFile(address, Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "UploadFile")]
        public static byte[] WebClient_UploadFile(WebClient it, string address, string fileName)
        {
            return it.UploadFile(address, Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "UploadFile")]
        public static byte[] WebClient_UploadFile(WebClient it, string address, string method, string fileName)
        {
            return it.UploadFile(address, method, Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "DownloadFile")]
        public static void WebClient_DownloadFile(WebClient it, System.Uri address, string fileName)
        {
            it.DownloadFile(address, Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "UploadFile")]
        public static byte[] WebClient_UploadFile(WebClient it, System.Uri address, string fileName)
        {
            return it.UploadFile(address, Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "UploadFile")]
        public static byte[] WebClient_UploadFile(WebClient it, System.Uri address, string method, string fileName)
        {
            return it.UploadFile(address, method, Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "DownloadFileAsync")]
        public static void WebClient_DownloadFileAsync(WebClient it, System.Uri address, string fileName)
        {
            it.DownloadFileAsync(address, Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Net.WebClient", "DownloadFileTaskAsync")]
        public static System.Threading.Tasks.Task WebClient_DownloadFileTaskAsync(WebClient it, System.Uri address, string fileName)
        {
            return it.DownloadFileTaskAsync(address, Map(fileName));
        }

        /// <summary>Maps its path; the name that readers see is the script's.</summary>
        [Replaces("System.Net.Mail.Attachment", ".ctor")]
        public static Attachment Attachment_New(string fileName)
        {
            return Named(new Attachment(Map(fileName)), fileName);
        }

        /// <summary>Maps its path; the name that readers see is the script's.</summary>
        [Replaces("System.Net.Mail.Attachment", ".ctor")]
        public static Attachment Attachment_New(string fileName, string mediaType)
        {
            return Named(new Attachment(Map(fileName), mediaType), fileName);
        }

        /// <summary>Maps its path; the name that readers see is the script's.</summary>
        [Replaces("System.Net.Mail.Attachment", ".ctor")]
        public static Attachment Attachment_New(string fileName, ContentType contentType)
        {
            return Named(new Attachment(Map(fileName), contentType), fileName);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Security.Cryptography.X509Certificates.X509Certificate2", ".ctor")]
        public static X509Certificate2 X509Certificate2_New(string fileName)
        {
            return new X509Certificate2(Map(fileName));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Security.Cryptography.X509Certificates.X509Certificate2", ".ctor")]
        public static X509Certificate2 X509Certificate2_New(string fileName, string password)
        {
            return new X509Certificate2(Map(fileName), password);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Security.Cryptography.X509Certificates.X509Certificate2", ".ctor")]
        public static X509Certificate2 X509Certificate2_New(string fileName, string password, X509KeyStorageFlags flags)
        {
            return new X509Certificate2(Map(fileName), password, flags);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Reflection.Assembly", "LoadFrom", IsStatic = true)]
        public static Assembly Assembly_LoadFrom(string assemblyFile)
        {
            return Assembly.LoadFrom(Map(assemblyFile));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.Reflection.Assembly", "LoadFile", IsStatic = true)]
        public static Assembly Assembly_LoadFile(string path)
        {
            return Assembly.LoadFile(Map(path));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "CreateFromDirectory", IsStatic = true)]
        public static void ZipFile_CreateFromDirectory(string source, string archive)
        {
            ZipFile.CreateFromDirectory(Map(source), Map(archive));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "CreateFromDirectory", IsStatic = true)]
        public static void ZipFile_CreateFromDirectory(string source, string archive, CompressionLevel level, bool includeBase)
        {
            ZipFile.CreateFromDirectory(Map(source), Map(archive), level, includeBase);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "CreateFromDirectory", IsStatic = true)]
        public static void ZipFile_CreateFromDirectory(string source, string archive, CompressionLevel level, bool includeBase, Encoding names)
        {
            ZipFile.CreateFromDirectory(Map(source), Map(archive), level, includeBase, names);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "ExtractToDirectory", IsStatic = true)]
        public static void ZipFile_ExtractToDirectory(string archive, string folder)
        {
            ZipFile.ExtractToDirectory(Map(archive), Map(folder));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "ExtractToDirectory", IsStatic = true)]
        public static void ZipFile_ExtractToDirectory(string archive, string folder, Encoding names)
        {
            ZipFile.ExtractToDirectory(Map(archive), Map(folder), names);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "OpenRead", IsStatic = true)]
        public static ZipArchive ZipFile_OpenRead(string archive)
        {
            return ZipFile.OpenRead(Map(archive));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "Open", IsStatic = true)]
        public static ZipArchive ZipFile_Open(string archive, ZipArchiveMode mode)
        {
            return ZipFile.Open(Map(archive), mode);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFile", "Open", IsStatic = true)]
        public static ZipArchive ZipFile_Open(string archive, ZipArchiveMode mode, Encoding names)
        {
            return ZipFile.Open(Map(archive), mode, names);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFileExtensions", "CreateEntryFromFile", IsStatic = true)]
        public static ZipArchiveEntry ZipFileExtensions_CreateEntryFromFile(ZipArchive archive, string file, string entry)
        {
            return ZipFileExtensions.CreateEntryFromFile(archive, Map(file), entry);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFileExtensions", "CreateEntryFromFile", IsStatic = true)]
        public static ZipArchiveEntry ZipFileExtensions_CreateEntryFromFile(ZipArchive archive, string file, string entry, CompressionLevel level)
        {
            return ZipFileExtensions.CreateEntryFromFile(archive, Map(file), entry, level);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFileExtensions", "ExtractToDirectory", IsStatic = true)]
        public static void ZipFileExtensions_ExtractToDirectory(ZipArchive archive, string folder)
        {
            ZipFileExtensions.ExtractToDirectory(archive, Map(folder));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFileExtensions", "ExtractToFile", IsStatic = true)]
        public static void ZipFileExtensions_ExtractToFile(ZipArchiveEntry entry, string file)
        {
            ZipFileExtensions.ExtractToFile(entry, Map(file));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.Compression.ZipFileExtensions", "ExtractToFile", IsStatic = true)]
        public static void ZipFileExtensions_ExtractToFile(ZipArchiveEntry entry, string file, bool overwrite)
        {
            ZipFileExtensions.ExtractToFile(entry, Map(file), overwrite);
        }
    }
}
