// Financial: interest, annuities, depreciation.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.Financial; worked out from the equation of
// an annuity: PV (1+r)^n + Pmt (1 + r due) ((1+r)^n - 1) / r + FV = 0.

using System;
using Microsoft.VisualBasic.CompilerServices;

namespace Microsoft.VisualBasic
{
    /// <summary>Financial functions.</summary>
    [StandardModule]
    public sealed class Financial
    {
        private const double Small = 0.0000001;
        private const int TriesMax = 40;

        private Financial()
        {
        }

        private static ArgumentException Invalid(string argument)
        {
            return new ArgumentException("Argument '" + argument + "' is not a valid value.");
        }

        private static double Growth(double rate, double periods, DueDate due, out double factor)
        {
            var growth = Math.Pow(1 + rate, periods);
            factor = rate == 0 ? periods : (due == DueDate.BegOfPeriod ? 1 + rate : 1) * (growth - 1) / rate;
            return growth;
        }

        /// <summary>Future value.</summary>
        public static double FV(double Rate, double NPer, double Pmt, double PV = 0, DueDate Due = DueDate.EndOfPeriod)
        {
            double factor;
            var growth = Growth(Rate, NPer, Due, out factor);
            return -PV * growth - Pmt * factor;
        }

        /// <summary>Present value.</summary>
        public static double PV(double Rate, double NPer, double Pmt, double FV = 0, DueDate Due = DueDate.EndOfPeriod)
        {
            double factor;
            var growth = Growth(Rate, NPer, Due, out factor);
            return -(FV + Pmt * factor) / growth;
        }

        /// <summary>Payment of each period.</summary>
        public static double Pmt(double Rate, double NPer, double PV, double FV = 0, DueDate Due = DueDate.EndOfPeriod)
        {
            if (NPer == 0) throw Invalid("NPer");
            double factor;
            var growth = Growth(Rate, NPer, Due, out factor);
            return (-FV - PV * growth) / factor;
        }

        /// <summary>Number of periods.</summary>
        public static double NPer(double Rate, double Pmt, double PV, double FV = 0, DueDate Due = DueDate.EndOfPeriod)
        {
            if (Rate <= -1) throw Invalid("Rate");
            if (Rate == 0)
            {
                if (Pmt == 0) throw Invalid("Pmt");
                return -(PV + FV) / Pmt;
            }
            var payment = (Due == DueDate.BegOfPeriod ? Pmt * (1 + Rate) : Pmt) / Rate;
            double top = -FV + payment, bottom = PV + payment;
            if (top < 0 && bottom < 0)
            {
                top = -top;
                bottom = -bottom;
            }
            if (top <= 0 || bottom <= 0) throw new ArgumentException("Cannot calculate number of periods using the arguments provided.");
            return (Math.Log(top) - Math.Log(bottom)) / Math.Log(1 + Rate);
        }

        /// <summary>Interest part of a period's payment.</summary>
        public static double IPmt(double Rate, double Per, double NPer, double PV, double FV = 0, DueDate Due = DueDate.EndOfPeriod)
        {
            if (Per <= 0 || Per >= NPer + 1) throw Invalid("Per");
            if (Due == DueDate.BegOfPeriod && Per == 1) return 0;
            var begin = Due == DueDate.BegOfPeriod;
            var payment = Pmt(Rate, NPer, PV, FV, Due);
            return Financial.FV(Rate, Per - (begin ? 2 : 1), payment, begin ? PV + payment : PV) * Rate;
        }

        /// <summary>Principal part of a period's payment.</summary>
        public static double PPmt(double Rate, double Per, double NPer, double PV, double FV = 0, DueDate Due = DueDate.EndOfPeriod)
        {
            if (Per <= 0 || Per >= NPer + 1) throw Invalid("Per");
            return Pmt(Rate, NPer, PV, FV, Due) - IPmt(Rate, Per, NPer, PV, FV, Due);
        }

        /// <summary>Interest rate of each period, found by steps.</summary>
        public static double Rate(double NPer, double Pmt, double PV, double FV = 0, DueDate Due = DueDate.EndOfPeriod, double Guess = 0.1)
        {
            if (NPer <= 0) throw Invalid("NPer");
            Func<double, double> off = r => PV * Math.Pow(1 + r, NPer) + Pmt * Factor(r, NPer, Due) + FV;
            return Root(off, Guess, "Cannot calculate rate using the arguments provided.");
        }

        private static double Factor(double rate, double periods, DueDate due)
        {
            double factor;
            Growth(rate, periods, due, out factor);
            return factor;
        }

        private static double Root(Func<double, double> off, double guess, string message)
        {
            double x0 = guess, y0 = off(x0);
            double x1 = y0 > 0 ? guess / 2 : guess * 2;
            if (x1 == x0) x1 = guess + 0.001;
            var y1 = off(x1);
            for (var i = 0; i < TriesMax; i++)
            {
                if (Math.Abs(y1 - y0) < 1e-300)
                {
                    x1 += 0.00001;
                    y1 = off(x1);
                    if (Math.Abs(y1 - y0) < 1e-300) break;
                }
                var next = x1 - y1 * (x1 - x0) / (y1 - y0);
                x0 = x1;
                y0 = y1;
                x1 = next;
                y1 = off(x1);
                if (double.IsNaN(y1)) break;
                if (Math.Abs(y1) < Small && Math.Abs(x1 - x0) < Small) return x1;
            }
            throw new ArgumentException(message);
        }

        /// <summary>Net present value of cash flows, one a period, at their ends.</summary>
        public static double NPV(double Rate, ref double[] ValueArray)
        {
            if (ValueArray == null || ValueArray.Length == 0) throw Invalid("ValueArray");
            if (Rate == -1) throw Invalid("Rate");
            return Present(Rate, ValueArray, v => true);
        }

        private static double Present(double rate, double[] values, Func<double, bool> which)
        {
            double sum = 0, factor = 1;
            foreach (var value in values)
            {
                factor *= 1 + rate;
                if (which(value)) sum += value / factor;
            }
            return sum;
        }

        /// <summary>Rate at which the net present value of cash flows is zero.</summary>
        public static double IRR(ref double[] ValueArray, double Guess = 0.1)
        {
            var values = ValueArray;
            if (values == null || values.Length <= 1 || Guess <= -1) throw Invalid(values == null || values.Length <= 1 ? "ValueArray" : "Guess");
            if (!Array.Exists(values, v => v > 0) || !Array.Exists(values, v => v < 0)) throw Invalid("ValueArray");
            return Root(r => Present(r, values, v => true), Guess, "Argument 'ValueArray' is not a valid value.");
        }

        /// <summary>Modified internal rate of return.</summary>
        public static double MIRR(ref double[] ValueArray, double FinanceRate, double ReinvestRate)
        {
            var values = ValueArray;
            if (values == null || values.Length <= 1) throw Invalid("ValueArray");
            if (FinanceRate == -1) throw Invalid("FinanceRate");
            if (ReinvestRate == -1) throw Invalid("ReinvestRate");
            var paid = Present(FinanceRate, values, v => v < 0);
            if (paid == 0) throw new DivideByZeroException("Division by zero.");
            var got = Present(ReinvestRate, values, v => v > 0);
            var n = values.Length;
            return Math.Pow(-got * Math.Pow(1 + ReinvestRate, n) / (paid * (1 + FinanceRate)), 1.0 / (n - 1)) - 1;
        }

        /// <summary>Straight-line depreciation of a period.</summary>
        public static double SLN(double Cost, double Salvage, double Life)
        {
            if (Life == 0) throw Invalid("Life");
            return (Cost - Salvage) / Life;
        }

        /// <summary>Depreciation of a period by the sum of the years' digits.</summary>
        public static double SYD(double Cost, double Salvage, double Life, double Period)
        {
            if (Salvage < 0) throw Invalid("Salvage");
            if (Period <= 0 || Period > Life) throw Invalid("Period");
            return (Cost - Salvage) * (Life + 1 - Period) * 2 / (Life * (Life + 1));
        }

        /// <summary>Depreciation of a period by the declining balance.</summary>
        public static double DDB(double Cost, double Salvage, double Life, double Period, double Factor = 2)
        {
            if (Factor <= 0) throw Invalid("Factor");
            if (Salvage < 0) throw Invalid("Salvage");
            if (Period <= 0 || Period > Life) throw Invalid("Period");
            if (Cost <= 0) return 0;
            var rate = Math.Min(Factor / Life, 1);
            Func<double, double> lost = n => Math.Min(Cost * (1 - Math.Pow(1 - rate, n)), Math.Max(Cost - Salvage, 0));
            return Math.Max(lost(Period) - lost(Period - 1), 0);
        }
    }
}
