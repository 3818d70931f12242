// Microsoft.SqlServer.DTSPipelineWrap: the metadata of a component as scripts see it. In SSIS these
// are COM interfaces of the pipeline engine; here they are plain interfaces. Each exists as …100
// (2008 and later) and as …90 (2005). What would change metadata is left out: scripts run after it
// was fixed.
//
// Documented at learn.microsoft.com, namespace Microsoft.SqlServer.Dts.Pipeline.Wrapper.

using System.Collections;
using Microsoft.SqlServer.Dts.Runtime.Wrapper;

namespace Microsoft.SqlServer.Dts.Pipeline.Wrapper
{
    /// <summary>How a component uses an input column.</summary>
    public enum DTSUsageType
    {
        /// <summary>Reads it.</summary>
        UT_READONLY = 0,
        /// <summary>Reads and writes it.</summary>
        UT_READWRITE = 1,
        /// <summary>Does not use it.</summary>
        UT_IGNORED = 2,
    }

    /// <summary>The component. Documented: IDTSComponentMetaData100.</summary>
    public interface IDTSComponentMetaData100
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Class id.</summary>
        string ComponentClassID { get; }
        /// <summary>Name and id, as messages have them.</summary>
        string IdentificationString { get; }
        /// <summary>Locale id.</summary>
        int LocaleID { get; }
        /// <summary>Inputs.</summary>
        IDTSInputCollection100 InputCollection { get; }
        /// <summary>Outputs.</summary>
        IDTSOutputCollection100 OutputCollection { get; }
        /// <summary>Connections.</summary>
        IDTSRuntimeConnectionCollection100 RuntimeConnectionCollection { get; }
        /// <summary>OnError; the data flow fails. pbCancel comes back false unless a handler cancels.</summary>
        void FireError(int ErrorCode, string SubComponent, string Description, string HelpFile, int HelpContext, out bool pbCancel);
        /// <summary>OnWarning.</summary>
        void FireWarning(int WarningCode, string SubComponent, string Description, string HelpFile, int HelpContext);
        /// <summary>OnInformation.</summary>
        void FireInformation(int InformationCode, string SubComponent, string Description, string HelpFile, int HelpContext, ref bool pbFireAgain);
        /// <summary>OnProgress.</summary>
        void FireProgress(string bstrProgressDescription, int lPercentComplete, int lProgressCountLow, int lProgressCountHigh, string bstrSubComponent, ref bool pbFireAgain);
        /// <summary>OnCustomEvent.</summary>
        void FireCustomEvent(string EventName, string EventText, ref object[] ppsaArguments, string SubComponent, ref bool pbFireAgain);
        /// <summary>Text of an error code, as error outputs have it in ErrorCode.</summary>
        string GetErrorDescription(int hrError);
    }

    /// <summary>Inputs. Documented.</summary>
    public interface IDTSInputCollection100 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position; 0xC0010009 when it is not there.</summary>
        IDTSInput100 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSInput100 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
    }

    /// <summary>An input. Documented.</summary>
    public interface IDTSInput100
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>The columns that the component uses.</summary>
        IDTSInputColumnCollection100 InputColumnCollection { get; }
    }

    /// <summary>Columns of an input. Documented.</summary>
    public interface IDTSInputColumnCollection100 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position.</summary>
        IDTSInputColumn100 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSInputColumn100 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
        /// <summary>By lineage id.</summary>
        IDTSInputColumn100 GetInputColumnByLineageID(int lLineageID);
        /// <summary>By name.</summary>
        IDTSInputColumn100 GetInputColumnByName(string bstrComponentName, string bstrName);
    }

    /// <summary>A column of an input. Documented.</summary>
    public interface IDTSInputColumn100
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        /// <remarks>Always empty.</remarks>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>Lineage id.</summary>
        int LineageID { get; }
        /// <summary>Type.</summary>
        DataType DataType { get; }
        /// <summary>Length.</summary>
        int Length { get; }
        /// <summary>Precision.</summary>
        int Precision { get; }
        /// <summary>Scale.</summary>
        int Scale { get; }
        /// <summary>Code page.</summary>
        int CodePage { get; }
        /// <summary>Read, or read and written.</summary>
        DTSUsageType UsageType { get; }
    }

    /// <summary>Outputs. Documented.</summary>
    public interface IDTSOutputCollection100 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position.</summary>
        IDTSOutput100 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSOutput100 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
    }

    /// <summary>An output. Documented.</summary>
    public interface IDTSOutput100
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>Id of the input that it is synchronous to; 0 = asynchronous.</summary>
        int SynchronousInputID { get; }
        /// <summary>Exclusion group.</summary>
        int ExclusionGroup { get; }
        /// <summary>Whether it is an error output.</summary>
        bool IsErrorOut { get; }
        /// <summary>Whether a path leads away from it.</summary>
        bool IsAttached { get; }
        /// <summary>Columns.</summary>
        IDTSOutputColumnCollection100 OutputColumnCollection { get; }
    }

    /// <summary>Columns of an output. Documented.</summary>
    public interface IDTSOutputColumnCollection100 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position.</summary>
        IDTSOutputColumn100 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSOutputColumn100 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
    }

    /// <summary>A column of an output. Documented.</summary>
    public interface IDTSOutputColumn100
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        /// <remarks>Always empty.</remarks>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>Lineage id.</summary>
        int LineageID { get; }
        /// <summary>Type.</summary>
        DataType DataType { get; }
        /// <summary>Length.</summary>
        int Length { get; }
        /// <summary>Precision.</summary>
        int Precision { get; }
        /// <summary>Scale.</summary>
        int Scale { get; }
        /// <summary>Code page.</summary>
        int CodePage { get; }
    }

    /// <summary>Connections of a component. Documented.</summary>
    public interface IDTSRuntimeConnectionCollection100 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By role name or position.</summary>
        IDTSRuntimeConnection100 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id (2005, 2008).</summary>
        IDTSRuntimeConnection100 GetObjectByID(int lID);
        /// <summary>By role name (2012 and later).</summary>
        IDTSRuntimeConnection100 GetRuntimeConnectionByName(string bstrName);
    }

    /// <summary>A connection of a component. Documented.</summary>
    public interface IDTSRuntimeConnection100
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name of the role.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>GUID of the manager.</summary>
        string ConnectionManagerID { get; }
        /// <summary>The manager; null when none is assigned.</summary>
        IDTSConnectionManager100 ConnectionManager { get; }
    }

    /// <summary>The component. Documented: IDTSComponentMetaData90.</summary>
    public interface IDTSComponentMetaData90
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Class id.</summary>
        string ComponentClassID { get; }
        /// <summary>Name and id, as messages have them.</summary>
        string IdentificationString { get; }
        /// <summary>Locale id.</summary>
        int LocaleID { get; }
        /// <summary>Inputs.</summary>
        IDTSInputCollection90 InputCollection { get; }
        /// <summary>Outputs.</summary>
        IDTSOutputCollection90 OutputCollection { get; }
        /// <summary>Connections.</summary>
        IDTSRuntimeConnectionCollection90 RuntimeConnectionCollection { get; }
        /// <summary>OnError; the data flow fails. pbCancel comes back false unless a handler cancels.</summary>
        void FireError(int ErrorCode, string SubComponent, string Description, string HelpFile, int HelpContext, out bool pbCancel);
        /// <summary>OnWarning.</summary>
        void FireWarning(int WarningCode, string SubComponent, string Description, string HelpFile, int HelpContext);
        /// <summary>OnInformation.</summary>
        void FireInformation(int InformationCode, string SubComponent, string Description, string HelpFile, int HelpContext, ref bool pbFireAgain);
        /// <summary>OnProgress.</summary>
        void FireProgress(string bstrProgressDescription, int lPercentComplete, int lProgressCountLow, int lProgressCountHigh, string bstrSubComponent, ref bool pbFireAgain);
        /// <summary>OnCustomEvent.</summary>
        void FireCustomEvent(string EventName, string EventText, ref object[] ppsaArguments, string SubComponent, ref bool pbFireAgain);
        /// <summary>Text of an error code, as error outputs have it in ErrorCode.</summary>
        string GetErrorDescription(int hrError);
    }

    /// <summary>Inputs. Documented.</summary>
    public interface IDTSInputCollection90 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position; 0xC0010009 when it is not there.</summary>
        IDTSInput90 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSInput90 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
    }

    /// <summary>An input. Documented.</summary>
    public interface IDTSInput90
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>The columns that the component uses.</summary>
        IDTSInputColumnCollection90 InputColumnCollection { get; }
    }

    /// <summary>Columns of an input. Documented.</summary>
    public interface IDTSInputColumnCollection90 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position.</summary>
        IDTSInputColumn90 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSInputColumn90 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
        /// <summary>By lineage id.</summary>
        IDTSInputColumn90 GetInputColumnByLineageID(int lLineageID);
        /// <summary>By name.</summary>
        IDTSInputColumn90 GetInputColumnByName(string bstrComponentName, string bstrName);
    }

    /// <summary>A column of an input. Documented.</summary>
    public interface IDTSInputColumn90
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        /// <remarks>Always empty.</remarks>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>Lineage id.</summary>
        int LineageID { get; }
        /// <summary>Type.</summary>
        DataType DataType { get; }
        /// <summary>Length.</summary>
        int Length { get; }
        /// <summary>Precision.</summary>
        int Precision { get; }
        /// <summary>Scale.</summary>
        int Scale { get; }
        /// <summary>Code page.</summary>
        int CodePage { get; }
        /// <summary>Read, or read and written.</summary>
        DTSUsageType UsageType { get; }
    }

    /// <summary>Outputs. Documented.</summary>
    public interface IDTSOutputCollection90 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position.</summary>
        IDTSOutput90 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSOutput90 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
    }

    /// <summary>An output. Documented.</summary>
    public interface IDTSOutput90
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>Id of the input that it is synchronous to; 0 = asynchronous.</summary>
        int SynchronousInputID { get; }
        /// <summary>Exclusion group.</summary>
        int ExclusionGroup { get; }
        /// <summary>Whether it is an error output.</summary>
        bool IsErrorOut { get; }
        /// <summary>Whether a path leads away from it.</summary>
        bool IsAttached { get; }
        /// <summary>Columns.</summary>
        IDTSOutputColumnCollection90 OutputColumnCollection { get; }
    }

    /// <summary>Columns of an output. Documented.</summary>
    public interface IDTSOutputColumnCollection90 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name or position.</summary>
        IDTSOutputColumn90 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id.</summary>
        IDTSOutputColumn90 GetObjectByID(int lID);
        /// <summary>Position of an id.</summary>
        int GetObjectIndexByID(int lID);
    }

    /// <summary>A column of an output. Documented.</summary>
    public interface IDTSOutputColumn90
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        /// <remarks>Always empty.</remarks>
        string Description { get; }
        /// <summary>Name and id.</summary>
        string IdentificationString { get; }
        /// <summary>Lineage id.</summary>
        int LineageID { get; }
        /// <summary>Type.</summary>
        DataType DataType { get; }
        /// <summary>Length.</summary>
        int Length { get; }
        /// <summary>Precision.</summary>
        int Precision { get; }
        /// <summary>Scale.</summary>
        int Scale { get; }
        /// <summary>Code page.</summary>
        int CodePage { get; }
    }

    /// <summary>Connections of a component. Documented.</summary>
    public interface IDTSRuntimeConnectionCollection90 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By role name or position.</summary>
        IDTSRuntimeConnection90 this[object Index] { get; }
        /// <summary>Number.</summary>
        int Count { get; }
        /// <summary>By id (2005, 2008).</summary>
        IDTSRuntimeConnection90 GetObjectByID(int lID);
        /// <summary>By role name (2012 and later).</summary>
        IDTSRuntimeConnection90 GetRuntimeConnectionByName(string bstrName);
    }

    /// <summary>A connection of a component. Documented.</summary>
    public interface IDTSRuntimeConnection90
    {
        /// <summary>Id.</summary>
        int ID { get; }
        /// <summary>Name of the role.</summary>
        string Name { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>GUID of the manager.</summary>
        string ConnectionManagerID { get; }
        /// <summary>The manager; null when none is assigned.</summary>
        IDTSConnectionManager90 ConnectionManager { get; }
    }

    /// <summary>The component, as of 2016. Documented: IDTSComponentMetaData130.</summary>
    public interface IDTSComponentMetaData130 : IDTSComponentMetaData100
    {
        /// <summary>Identification string of a lineage id, as error outputs have it in ErrorColumn.</summary>
        string GetIdentificationStringByID(int lID);
    }
}
