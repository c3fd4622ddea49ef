namespace Microsoft.ML.Runtime;

/// <summary>A named place in the tree below an <see cref="MLContext"/>, with a random generator of its own.</summary>
internal sealed class Host(MLContext context, string fullName, int seed) : IHost, IHostEnvironmentInternal
{
    public Random Rand { get; } = new(seed);

    public ComponentCatalog ComponentCatalog => context.ComponentCatalog;

    public string ContextDescription => fullName;

    public bool FallbackToCpu => context.FallbackToCpu;

    public int? GpuDeviceId => context.GpuDeviceId;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new Host(context, $"{fullName}; {name}", seed ?? Rand.Next());
    }

    public IChannel Start(string name) => new Channel(context, $"{fullName}; {name}");

    public IPipe<TMessage> StartPipe<TMessage>(string name) => context.Pipe<TMessage>($"{fullName}; {name}");

    public IProgressChannel StartProgressChannel(string name) => new SilentProgress();

    public TException Process<TException>(TException ex)
        where TException : Exception => ex;
}

/// <summary>Passes messages to the context's <see cref="MLContext.Log"/> event.</summary>
internal sealed class Channel(MLContext context, string fullName) : IChannel
{
    public string ContextDescription => fullName;

    public void Send(ChannelMessage msg) => context.Publish(msg, fullName);

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Trace, sensitivity, fmt);

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Trace, sensitivity, string.Format(fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Error, sensitivity, fmt);

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Error, sensitivity, string.Format(fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) =>
        Send(ChannelMessageKind.Warning, sensitivity, fmt);

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Warning, sensitivity, string.Format(fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, sensitivity, fmt);

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Info, sensitivity, string.Format(fmt, args));

    public TException Process<TException>(TException ex)
        where TException : Exception => ex;

    public void Dispose()
    {
    }

    private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string message) =>
        Send(new ChannelMessage(kind, sensitivity, message));
}

/// <summary>Progress has no listener in an <see cref="MLContext"/>.</summary>
internal sealed class SilentProgress : IProgressChannel
{
    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
    }

    public void Checkpoint(params double?[] values)
    {
    }

    public IProgressChannel StartProgressChannel(string name) => new SilentProgress();

    public void Dispose()
    {
    }
}
