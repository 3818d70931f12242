// The part of System.Configuration.ConfigurationManager that .NET leaves to a package and that the
// designer writes into nearly every script: its class Settings. Values are the defaults of the
// attributes; a script has no configuration file. Documented at learn.microsoft.com,
// "Application settings overview".

using System.Collections;
using System.ComponentModel;

namespace System.Configuration
{
    /// <summary>Marks a setting.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public class SettingAttribute : Attribute
    {
    }

    /// <summary>A setting of the application.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class ApplicationScopedSettingAttribute : SettingAttribute
    {
    }

    /// <summary>A setting of the user.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class UserScopedSettingAttribute : SettingAttribute
    {
    }

    /// <summary>A setting's value where nothing else gives one.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class DefaultSettingValueAttribute : Attribute
    {
        /// <summary>With the value's text.</summary>
        public DefaultSettingValueAttribute(string value)
        {
            Value = value;
        }

        /// <summary>The value's text.</summary>
        public string Value { get; private set; }
    }

    /// <summary>What a setting holds.</summary>
    public enum SpecialSetting
    {
        /// <summary>A connection string.</summary>
        ConnectionString = 0,
        /// <summary>An address of a web service.</summary>
        WebServiceUrl = 1,
    }

    /// <summary>Marks a setting that holds something special.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
    public sealed class SpecialSettingAttribute : Attribute
    {
        /// <summary>With what it holds.</summary>
        public SpecialSettingAttribute(SpecialSetting specialSetting)
        {
            SpecialSetting = specialSetting;
        }

        /// <summary>What it holds.</summary>
        public SpecialSetting SpecialSetting { get; private set; }
    }

    /// <summary>A setting's description.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class SettingsDescriptionAttribute : Attribute
    {
        /// <summary>With the text.</summary>
        public SettingsDescriptionAttribute(string description)
        {
            Description = description;
        }

        /// <summary>The text.</summary>
        public string Description { get; private set; }
    }

    /// <summary>Settings by name.</summary>
    public abstract class SettingsBase
    {
        /// <summary>A setting's value.</summary>
        public virtual object this[string propertyName]
        {
            get { return null; }
            set { }
        }

        /// <summary>Keeps what was set.</summary>
        public virtual void Save()
        {
        }

        /// <summary>The same settings, to be used by several threads.</summary>
        public static SettingsBase Synchronized(SettingsBase settingsBase)
        {
            return settingsBase;
        }
    }

    /// <summary>The base of the designer's Settings classes.</summary>
    public abstract class ApplicationSettingsBase : SettingsBase, INotifyPropertyChanged
    {
        private readonly Hashtable _values = new Hashtable();

        /// <summary>A setting was set.</summary>
        public event PropertyChangedEventHandler PropertyChanged;

        /// <summary>A setting's value: what was set, else its default.</summary>
        public override object this[string propertyName]
        {
            get
            {
                lock (_values)
                {
                    if (!_values.ContainsKey(propertyName)) _values[propertyName] = DefaultOf(propertyName);
                    return _values[propertyName];
                }
            }
            set
            {
                lock (_values) _values[propertyName] = value;
                var changed = PropertyChanged;
                if (changed != null) changed(this, new PropertyChangedEventArgs(propertyName));
            }
        }

        private object DefaultOf(string propertyName)
        {
            var property = TypeDescriptor.GetProperties(this)[propertyName];
            if (property == null) throw new SettingsPropertyNotFoundException("The settings property '" + propertyName + "' was not found.");
            var mark = (DefaultSettingValueAttribute)property.Attributes[typeof(DefaultSettingValueAttribute)];
            if (mark != null && mark.Value != null) return property.Converter.ConvertFromInvariantString(mark.Value);
            return property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
        }

        /// <summary>Forgets what was set.</summary>
        public void Reload()
        {
            Reset();
        }

        /// <summary>Forgets what was set.</summary>
        public void Reset()
        {
            lock (_values) _values.Clear();
        }

        /// <summary>Takes over an earlier version's settings; there are none.</summary>
        public virtual void Upgrade()
        {
        }
    }

    /// <summary>There is no setting of that name.</summary>
    public class SettingsPropertyNotFoundException : Exception
    {
        /// <summary>With a text.</summary>
        public SettingsPropertyNotFoundException(string message) : base(message)
        {
        }
    }
}
