// NewLateBinding: members that are found at run time (Option Strict Off).
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.CompilerServices.NewLateBinding and the
// language specification, "Overloaded Method Resolution": names without case; arguments by
// position and name, optional parameters, ParamArray; among overloads the one whose conversions
// are narrowest; arguments passed by reference are copied back.

using System;
using System.Collections;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microsoft.VisualBasic.CompilerServices
{
    /// <summary>Late binding.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class NewLateBinding
    {
        private const BindingFlags Instance = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;
        private const BindingFlags Shared = BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy;

        private NewLateBinding()
        {
        }

        /// <summary>A candidate with its arguments in the order of its parameters.</summary>
        private sealed class Match
        {
            public MethodBase Method;
            public object[] Values;
            public int[] ArgumentOf;
            public int Cost;
        }

        private static Exception NotFound(string member, Type type)
        {
            return new MissingMemberException("Public member '" + member + "' on type '" + Information.VBName(type) + "' not found.");
        }

        private static Type TypeOf(object instance, Type type)
        {
            if (instance == null && type == null) throw new NullReferenceException("Object variable or With block variable not set.");
            return instance != null ? instance.GetType() : type;
        }

        private static IEnumerable<MemberInfo> Named(Type type, string name, bool hasInstance)
        {
            var flags = (hasInstance ? Instance : Shared) | BindingFlags.IgnoreCase;
            var found = type.GetMember(name, flags);
            if (found.Length == 0 && type.IsInterface) found = type.GetInterfaces().SelectMany(i => i.GetMember(name, flags)).ToArray();
            return found;
        }

        /// <summary>What a conversion costs: 0 none, 1 to a base, 2 a wider number, 4 anything else,
        /// -1 not possible.</summary>
        private static int Cost(object value, Type to)
        {
            if (to.IsByRef) to = to.GetElementType();
            if (value == Missing.Value) return -1;
            if (value == null) return to.IsValueType ? 4 : 1;
            var from = value.GetType();
            if (from == to) return 0;
            if (to == typeof(object)) return 3;
            if (to.IsAssignableFrom(from)) return 1;
            TypeCode f = Operators.CodeOf(value), t = Type.GetTypeCode(to);
            if (Operators.IsNumber(f) && Operators.IsNumber(t) && f != TypeCode.Boolean && t != TypeCode.Boolean) return Operators.Meet(f, t) == t ? 2 : 4;
            if (f == TypeCode.Char && t == TypeCode.String) return 2;
            try
            {
                Conversions.ChangeType(value, to);
                return 5;
            }
            catch (InvalidCastException)
            {
                return -1;
            }
            catch (OverflowException)
            {
                return -1;
            }
        }

        private static Match Try(MethodBase method, object[] arguments, string[] names, bool expand)
        {
            var parameters = method.GetParameters();
            var count = parameters.Length;
            var hasArray = count > 0 && parameters[count - 1].IsDefined(typeof(ParamArrayAttribute), false);
            if (expand && !hasArray) return null;
            var named = names == null ? 0 : names.Length;
            var positional = arguments.Length - named;
            var fixedCount = expand ? count - 1 : count;
            if (positional > fixedCount && !expand) return null;
            var match = new Match { Method = method, Values = new object[count], ArgumentOf = Enumerable.Repeat(-1, count).ToArray() };
            // Named arguments come first in the array.
            for (var i = 0; i < named; i++)
            {
                var at = Array.FindIndex(parameters, p => string.Equals(p.Name, names[i], StringComparison.OrdinalIgnoreCase));
                if (at < 0 || match.ArgumentOf[at] >= 0) return null;
                match.ArgumentOf[at] = i;
            }
            for (var i = 0; i < Math.Min(positional, fixedCount); i++)
            {
                if (match.ArgumentOf[i] >= 0) return null;
                match.ArgumentOf[i] = named + i;
            }
            for (var i = 0; i < fixedCount; i++)
            {
                var from = match.ArgumentOf[i];
                if (from < 0 || arguments[from] == Missing.Value)
                {
                    if (!parameters[i].IsOptional) return null;
                    match.ArgumentOf[i] = -1;
                    match.Values[i] = parameters[i].DefaultValue;
                    match.Cost += 1;
                    continue;
                }
                var cost = Cost(arguments[from], parameters[i].ParameterType);
                if (cost < 0) return null;
                match.Cost += cost * 10;
                match.Values[i] = Conversions.ChangeType(arguments[from], parameters[i].ParameterType);
            }
            return expand ? Expand(match, parameters, arguments, named + Math.Min(positional, fixedCount)) : match;
        }

        private static Match Expand(Match match, ParameterInfo[] parameters, object[] arguments, int from)
        {
            var element = parameters[parameters.Length - 1].ParameterType.GetElementType();
            var rest = Array.CreateInstance(element, Math.Max(0, arguments.Length - from));
            for (var i = 0; i < rest.Length; i++)
            {
                var cost = Cost(arguments[from + i], element);
                if (cost < 0) return null;
                match.Cost += cost * 10 + 2;
                rest.SetValue(Conversions.ChangeType(arguments[from + i], element), i);
            }
            match.Cost += 3;
            match.Values[parameters.Length - 1] = rest;
            return match;
        }

        private static Match Best(IEnumerable<MethodBase> methods, object[] arguments, string[] names, string member, Type type)
        {
            Match best = null;
            var any = false;
            foreach (var method in methods)
            {
                any = true;
                foreach (var expand in new[] { false, true })
                {
                    var match = Try(method, arguments, names, expand);
                    // Of equal ones the method that is declared nearest wins: it comes first.
                    if (match != null && (best == null || match.Cost < best.Cost)) best = match;
                }
            }
            if (best != null) return best;
            if (!any) throw NotFound(member, type);
            throw new InvalidCastException("Overload resolution failed because no accessible '" + member + "' can be called with these arguments.");
        }

        private static object Invoke(Match match, object instance, object[] arguments, bool[] copyBack)
        {
            object result;
            try
            {
                var constructor = match.Method as ConstructorInfo;
                result = constructor != null ? constructor.Invoke(match.Values) : match.Method.Invoke(match.Method.IsStatic ? null : instance, match.Values);
            }
            catch (TargetInvocationException e)
            {
                // The script sees the exception that its own call threw.
                ExceptionDispatchInfo.Capture(e.InnerException).Throw();
                throw;
            }
            var parameters = match.Method.GetParameters();
            for (var i = 0; i < parameters.Length && copyBack != null; i++)
            {
                var from = match.ArgumentOf[i];
                if (from < 0 || from >= copyBack.Length || !copyBack[from]) continue;
                if (parameters[i].ParameterType.IsByRef) arguments[from] = match.Values[i];
                else copyBack[from] = false;
            }
            return result;
        }

        /// <summary>Calls a method; Instance.MemberName(Arguments).</summary>
        public static object LateCall(object Instance, Type Type, string MemberName, object[] Arguments, string[] ArgumentNames, Type[] TypeArguments, bool[] CopyBack, bool IgnoreReturn)
        {
            return LateGet(Instance, Type, MemberName, Arguments, ArgumentNames, TypeArguments, CopyBack);
        }

        /// <summary>Reads a field or property, or calls a function.</summary>
        public static object LateGet(object Instance, Type Type, string MemberName, object[] Arguments, string[] ArgumentNames, Type[] TypeArguments, bool[] CopyBack)
        {
            Arguments = Arguments ?? new object[0];
            var type = TypeOf(Instance, Type);
            var members = Named(type, MemberName, Instance != null).ToList();
            var field = members.OfType<FieldInfo>().FirstOrDefault();
            if (field != null)
            {
                var value = field.GetValue(Instance);
                return Arguments.Length == 0 ? value : LateIndexGet(value, Arguments, ArgumentNames);
            }
            var properties = members.OfType<PropertyInfo>().Where(p => p.CanRead).ToList();
            if (properties.Count > 0)
            {
                // object.Property(1): the property's own parameters, else the default property of its value.
                if (Arguments.Length > 0 && properties.All(p => p.GetIndexParameters().Length == 0))
                {
                    var value = Invoke(Best(properties.Select(p => (MethodBase)p.GetGetMethod()), new object[0], null, MemberName, type), Instance, new object[0], null);
                    return LateIndexGet(value, Arguments, ArgumentNames);
                }
                return Invoke(Best(properties.Select(p => (MethodBase)p.GetGetMethod()), Arguments, ArgumentNames, MemberName, type), Instance, Arguments, CopyBack);
            }
            var methods = members.OfType<MethodInfo>().Select(m => Typed(m, TypeArguments)).Where(m => m != null).Cast<MethodBase>().ToList();
            return Invoke(Best(methods, Arguments, ArgumentNames, MemberName, type), Instance, Arguments, CopyBack);
        }

        private static MethodInfo Typed(MethodInfo method, Type[] arguments)
        {
            var given = arguments == null ? 0 : arguments.Length;
            if (!method.IsGenericMethodDefinition) return given == 0 ? method : null;
            return method.GetGenericArguments().Length == given ? method.MakeGenericMethod(arguments) : null;
        }

        /// <summary>Writes a field or property; the value is the last argument.</summary>
        public static void LateSet(object Instance, Type Type, string MemberName, object[] Arguments, string[] ArgumentNames, Type[] TypeArguments)
        {
            LateSetComplex(Instance, Type, MemberName, Arguments, ArgumentNames, TypeArguments, false, false);
        }

        /// <summary>As above, also of Let or Set.</summary>
        public static void LateSet(object Instance, Type Type, string MemberName, object[] Arguments, string[] ArgumentNames, Type[] TypeArguments, bool OptimisticSet, bool RValueBase, CallType CallType)
        {
            LateSetComplex(Instance, Type, MemberName, Arguments, ArgumentNames, TypeArguments, OptimisticSet, RValueBase);
        }

        /// <summary>Writes a field or property of a value that may itself be a property's.</summary>
        /// <param name="OptimisticSet">A member that cannot be written is left as it is.</param>
        /// <param name="RValueBase">The instance is a copy: writing a structure's field would be lost.</param>
        public static void LateSetComplex(object Instance, Type Type, string MemberName, object[] Arguments, string[] ArgumentNames, Type[] TypeArguments, bool OptimisticSet, bool RValueBase)
        {
            var type = TypeOf(Instance, Type);
            if (RValueBase && type.IsValueType)
            {
                if (OptimisticSet) return;
                throw new Exception("Expression is a value and therefore cannot be the target of an assignment.");
            }
            var members = Named(type, MemberName, Instance != null).ToList();
            var field = members.OfType<FieldInfo>().FirstOrDefault();
            if (field != null)
            {
                if (Arguments.Length > 1)
                {
                    LateIndexSet(field.GetValue(Instance), Arguments, ArgumentNames);
                    return;
                }
                if (field.IsInitOnly || field.IsLiteral)
                {
                    if (OptimisticSet) return;
                    throw new MissingMemberException("Field '" + field.Name + "' is read-only.");
                }
                field.SetValue(Instance, Conversions.ChangeType(Arguments[0], field.FieldType));
                return;
            }
            var properties = members.OfType<PropertyInfo>().ToList();
            if (properties.Count == 0) throw NotFound(MemberName, type);
            if (Arguments.Length > 1 && properties.All(p => p.GetIndexParameters().Length == 0))
            {
                LateIndexSet(properties[0].GetValue(Instance, null), Arguments, ArgumentNames);
                return;
            }
            var setters = properties.Select(p => p.GetSetMethod()).Where(m => m != null).Cast<MethodBase>().ToList();
            if (setters.Count == 0)
            {
                if (OptimisticSet) return;
                throw new MissingMemberException("Property '" + MemberName + "' is ReadOnly.");
            }
            Invoke(Best(setters, Arguments, ArgumentNames, MemberName, type), Instance, Arguments, null);
        }

        private static IEnumerable<PropertyInfo> Defaults(Type type)
        {
            return type.GetDefaultMembers().OfType<PropertyInfo>()
                .Concat(type.GetInterfaces().SelectMany(i => i.GetDefaultMembers()).OfType<PropertyInfo>());
        }

        /// <summary>Instance(Arguments): an element of an array, or the default property.</summary>
        public static object LateIndexGet(object Instance, object[] Arguments, string[] ArgumentNames)
        {
            var type = TypeOf(Instance, null);
            var array = Instance as Array;
            if (array != null) return array.GetValue(Indexes(array, Arguments, Arguments.Length));
            var text = Instance as string;
            if (text != null && Arguments.Length == 1) return text[Conversions.ToInteger(Arguments[0])];
            var getters = Defaults(type).Select(p => p.GetGetMethod()).Where(m => m != null).Cast<MethodBase>().ToList();
            if (getters.Count == 0)
            {
                throw new MissingMemberException("No default member found for type '" + Information.VBName(type) + "'.");
            }
            return Invoke(Best(getters, Arguments, ArgumentNames, "Item", type), Instance, Arguments, null);
        }

        private static int[] Indexes(Array array, object[] arguments, int count)
        {
            if (count != array.Rank) throw new RankException("Number of indices exceeds the number of dimensions of the indexed array.");
            return arguments.Take(count).Select(a => Conversions.ToInteger(a)).ToArray();
        }

        /// <summary>Instance(Arguments) = value, which is the last argument.</summary>
        public static void LateIndexSet(object Instance, object[] Arguments, string[] ArgumentNames)
        {
            LateIndexSetComplex(Instance, Arguments, ArgumentNames, false, false);
        }

        /// <summary>As above, of a value that may itself be a property's.</summary>
        public static void LateIndexSetComplex(object Instance, object[] Arguments, string[] ArgumentNames, bool OptimisticSet, bool RValueBase)
        {
            var type = TypeOf(Instance, null);
            var array = Instance as Array;
            var last = Arguments.Length - 1;
            if (array != null)
            {
                array.SetValue(Conversions.ChangeType(Arguments[last], type.GetElementType()), Indexes(array, Arguments, last));
                return;
            }
            var setters = Defaults(type).Select(p => p.GetSetMethod()).Where(m => m != null).Cast<MethodBase>().ToList();
            if (setters.Count == 0)
            {
                if (OptimisticSet) return;
                throw new MissingMemberException("No default member found for type '" + Information.VBName(type) + "'.");
            }
            Invoke(Best(setters, Arguments, ArgumentNames, "Item", type), Instance, Arguments, null);
        }

        /// <summary>Whether a member is there to read or call.</summary>
        public static bool LateCanEvaluate(object instance, Type type, string memberName, object[] arguments, bool allowFunctionEvaluation, bool allowPropertyEvaluation)
        {
            var members = Named(TypeOf(instance, type), memberName, instance != null).ToList();
            if (members.Count == 0) return false;
            if (!allowFunctionEvaluation && members.All(m => m is MethodInfo)) return false;
            return allowPropertyEvaluation || !members.All(m => m is PropertyInfo);
        }

        /// <summary>New Type(Arguments) at run time.</summary>
        internal static object Construct(Type type, object[] arguments)
        {
            return Invoke(Best(type.GetConstructors(), arguments, null, "New", type), null, arguments, null);
        }
    }

    /// <summary>Functions of VB that are named alike in all versions.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Versioned
    {
        private Versioned()
        {
        }

        /// <summary>Interaction.CallByName.</summary>
        public static object CallByName(object Instance, string MethodName, CallType UseCallType, params object[] Arguments)
        {
            return Interaction.CallByName(Instance, MethodName, UseCallType, Arguments);
        }

        /// <summary>Information.IsNumeric.</summary>
        public static bool IsNumeric(object Expression)
        {
            return Information.IsNumeric(Expression);
        }

        /// <summary>The .NET name of a type of VB, or Nothing.</summary>
        public static string SystemTypeName(string VbName)
        {
            return Information.SystemTypeName(VbName);
        }

        /// <summary>The name of a value's type in VB.</summary>
        public static string TypeName(object Expression)
        {
            return Information.TypeName(Expression);
        }

        /// <summary>VB's name of a type of .NET, or Nothing.</summary>
        public static string VbTypeName(string SystemName)
        {
            return Information.VbTypeName(SystemName);
        }
    }
}
