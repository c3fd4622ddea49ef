using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class MLContext : IHostEnvironmentInternal
{
    private readonly Host _root;

    public MLContext(int? seed = null)
    {
        _root = new Host(this, "MLContext", seed ?? Random.Shared.Next());
        Data = new DataOperationsCatalog(_root);
        Transforms = new TransformsCatalog(_root);
        Model = new ModelOperationsCatalog(_root);
    }

    public event EventHandler<LoggingEventArgs> Log;

    public TransformsCatalog Transforms { get; }

    public ModelOperationsCatalog Model { get; }

    public DataOperationsCatalog Data { get; }

    public ComponentCatalog ComponentCatalog { get; } = new();

    public bool FallbackToCpu { get; set; } = true;

    public int? GpuDeviceId { get; set; }

    string IExceptionContext.ContextDescription => "MLContext";

    TException IExceptionContext.Process<TException>(TException ex) => ex;

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new Host(this, name, seed ?? _root.Rand.Next());
    }

    IChannel IChannelProvider.Start(string name) => new Channel(this, name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => Pipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => new SilentProgress();

    internal IPipe<TMessage> Pipe<TMessage>(string fullName) =>
        new Channel(this, fullName) as IPipe<TMessage>
            ?? throw new NotSupportedException(
                $"{nameof(IChannelProvider.StartPipe)}<{typeof(TMessage)}>: only channel messages are supported.");

    internal void Publish(ChannelMessage message, string source) =>
        Log?.Invoke(this, new LoggingEventArgs(message.Message, message.Kind, source));
}
