using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace MkdSeg.Cli.Tests.Display;

/// <summary>
/// A terminal as far as it is needed here: text, line ends, the sequences for going up and for erasing, a window that
/// breaks its lines anew when it becomes narrower. A sequence it does not know is an error.
/// </summary>
internal sealed partial class Screen : TextWriter, IAnsiConsoleOutput
{
    private readonly Lock _gate = new();
    private List<StringBuilder> _rows = [new()];
    private int _x;
    private int _y;

    public Screen(int width, int height, bool isUnicode = true)
    {
        (Width, Height) = (width, height);
        Console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.Yes,
            Out = this,
        });
        Console.Profile.Capabilities.Unicode = isUnicode;
    }

    public IAnsiConsole Console { get; }

    public int Width { get; private set; }

    public int Height { get; set; }

    public TextWriter Writer => this;

    public bool IsTerminal => true;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>All lines that were ever there, without empty ones at the end.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                var lines = _rows.ConvertAll(row => row.ToString().TrimEnd());
                return lines[..(lines.FindLastIndex(line => line.Length > 0) + 1)];
            }
        }
    }

    public string Text => string.Join('\n', Lines);

    public bool IsCursorVisible { get; private set; } = true;

    /// <summary>Column and row of the cursor.</summary>
    public (int X, int Y) Cursor => (_x, _y);

    /// <summary>Makes the window narrower; lines that do not fit are broken.</summary>
    public void Narrow(int width)
    {
        var rows = new List<StringBuilder>();
        var y = 0;
        for (var i = 0; i < _rows.Count; i++)
        {
            if (i == _y)
                y = rows.Count;
            var text = _rows[i].ToString();
            for (var from = 0; from == 0 || from < text.Length; from += width)
                rows.Add(new(text.Substring(from, Math.Min(width, text.Length - from))));
        }

        (_rows, _y, Width) = (rows, y, width);
    }

    public void SetEncoding(Encoding encoding)
    {
    }

    public override void Write(char value) => Write($"{value}");

    public override void Write(string? value)
    {
        lock (_gate)
        {
            foreach (Match token in Tokens().Matches(value ?? ""))
                Take(token.Value);
        }
    }

    [GeneratedRegex(@"\e\[\??[0-9;]*[A-Za-z]|[\s\S]")]
    private static partial Regex Tokens();

    private void Take(string token)
    {
        switch (token)
        {
            case "\r":
                _x = 0;
                break;
            case "\n":
                (_x, _y) = (0, _y + 1);
                AddRows();
                break;
            case "\e[K":
                _rows[_y].Length = Math.Min(_x, _rows[_y].Length);
                break;
            case "\e[J":
                _rows[_y].Length = Math.Min(_x, _rows[_y].Length);
                _rows.RemoveRange(_y + 1, _rows.Count - _y - 1);
                break;
            case "\e[?25l" or "\e[?25h":
                IsCursorVisible = token[^1] == 'h';
                break;
            case ['\e', .., 'm']:
                break;
            case ['\e', '[', .. var number, 'A']:
                // Not beyond the window's upper end.
                _y = Math.Max(
                    Math.Max(0, _rows.Count - Height), _y - int.Parse(number, CultureInfo.InvariantCulture));
                break;
            case { Length: 1 } when token[0] >= ' ':
                Put(token[0]);
                break;
            default:
                throw new InvalidOperationException($"Unknown to the screen: {token[1..]}");
        }
    }

    private void Put(char character)
    {
        if (_x >= Width)
        {
            (_x, _y) = (0, _y + 1);
            AddRows();
        }

        var text = _rows[_y];
        text.Append(' ', Math.Max(0, _x + 1 - text.Length));
        text[_x++] = character;
    }

    private void AddRows()
    {
        while (_rows.Count <= _y)
            _rows.Add(new());
    }
}
