using System.ComponentModel;
using MkdSeg.Common;

namespace MkdSeg.Training.Validation;

/// <summary>Whether and when a training looks at target volumes that it does not learn from. The paper does not.</summary>
public sealed record ValidationOptions
{
    /// <summary>
    /// Iterations between two looks; there is one after the last iteration too. 0: none, and the last model is exported.
    /// </summary>
    [Description("Iterations between two validations; 0 for none, and the last model is exported.")]
    public int Iterations { get; init; }

    /// <summary>
    /// Target cases of the training set that are set aside, the last ones of the manifest. Cases of the split "validation"
    /// are taken first; 0 where there are some.
    /// </summary>
    [Description("Target cases of the training set to set aside, the manifest's last ones, where it has no split 'validation'.")]
    public int Cases { get; init; }

    /// <summary>Checks that the values fit together.</summary>
    /// <exception cref="UserErrorException">They do not.</exception>
    public void Validate()
    {
        if (Iterations < 0 || Cases < 0)
        {
            throw new UserErrorException(
                $"Validation every {Iterations} iterations on {Cases} cases was asked for; neither can be negative.");
        }
    }
}
