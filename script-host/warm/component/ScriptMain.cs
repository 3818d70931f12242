// A script component like those of packages, with the classes that the designer generates. The host
// runs it once while it waits.

using System;
using Microsoft.SqlServer.Dts.Pipeline;

#pragma warning disable 1591

/// <summary>A row of the input.</summary>
public class Input0Buffer : ScriptBuffer
{
    public Input0Buffer(PipelineBuffer Buffer, int[] BufferColumnIndexes, OutputNameMap OutputMap) : base(Buffer, BufferColumnIndexes, OutputMap)
    {
    }

    public string Text
    {
        get { return Buffer.GetString(BufferColumnIndexes[0]); }
        set { this[0] = value; }
    }

    public bool Text_IsNull
    {
        get { return IsNull(0); }
    }

    public int Number
    {
        get { return Buffer.GetInt32(BufferColumnIndexes[1]); }
        set { this[1] = value; }
    }

    public bool Number_IsNull
    {
        get { return IsNull(1); }
    }
}

/// <summary>A row of the output.</summary>
public class Output0Buffer : ScriptBuffer
{
    public Output0Buffer(PipelineBuffer Buffer, int[] BufferColumnIndexes, OutputNameMap OutputMap) : base(Buffer, BufferColumnIndexes, OutputMap)
    {
    }

    public DateTime Time
    {
        set { this[0] = value; }
    }

    public bool Time_IsNull
    {
        set { SetNull(0); }
    }
}

/// <summary>What the designer generates.</summary>
public class UserComponent : ScriptComponent
{
    public Output0Buffer Output0Buffer;

    public override void PrimeOutput(int Outputs, int[] OutputIDs, PipelineBuffer[] Buffers, OutputNameMap OutputMap)
    {
        for (var i = 0; i < Outputs; i++)
        {
            if (OutputIDs[i] == GetOutputID(OutputMap, "Output 0")) Output0Buffer = new Output0Buffer(Buffers[i], GetColumnIndexes(OutputIDs[i]), OutputMap);
        }
    }

    public override void ProcessInput(int InputID, string InputName, PipelineBuffer Buffer, OutputNameMap OutputMap)
    {
        if (InputName.Equals("Input 0", StringComparison.Ordinal)) Input0_ProcessInput(new Input0Buffer(Buffer, GetColumnIndexes(InputID), OutputMap));
    }

    public virtual void Input0_ProcessInput(Input0Buffer Buffer)
    {
        while (Buffer.NextRow()) Input0_ProcessInputRow(Buffer);
    }

    public virtual void Input0_ProcessInputRow(Input0Buffer Row)
    {
    }
}

/// <summary>The script.</summary>
[SSISScriptComponentEntryPointAttribute]
public class ScriptMain : UserComponent
{
    public override void Input0_ProcessInputRow(Input0Buffer Row)
    {
        if (!Row.Text_IsNull) Row.Text = Row.Text.Trim();
        if (!Row.Number_IsNull) Row.Number = Row.Number + 1;
        Output0Buffer.AddRow();
        Output0Buffer.Time = DateTime.Now;
    }
}
