package xyz.openledger.nodes.execution;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import xyz.openledger.models.onnx.OnnxModel;
import xyz.openledger.models.onnx.OnnxReader;
import xyz.openledger.models.onnx.OnnxTask;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.tensors.NumberType;
import xyz.openledger.protocol.tensors.Tensor;
import xyz.openledger.protocol.tensors.Tensors;

/**
 * A model of ONNX in ONNX Runtime: one thread within operators and one between them, no arena, no
 * operators of others, no files. Its own reader looks at the model before the runtime sees a byte.
 */
public final class OnnxModule implements LoadedModule {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final String NO_REPORTS = "ORT_DISABLE_TELEMETRY";
  private static final int EXIT_BAD_INPUT = 2;
  private static final int EXIT_BAD_OUTPUT = 3;

  private final OnnxModel model;
  private final OrtSession session;
  private final long sizeBytes;

  private OnnxModule(OnnxModel model, OrtSession session, long sizeBytes) {
    this.model = model;
    this.session = session;
    this.sizeBytes = sizeBytes;
  }

  /**
   * Reads a model and gives it to the runtime.
   *
   * @throws ProblemException if our reader refuses it, or the runtime does
   */
  public static OnnxModule load(byte[] bytes) throws ExecutionFault {
    OnnxModel model = OnnxReader.read(bytes);
    try (var options = new OrtSession.SessionOptions()) {
      pin(options);
      OrtSession session = runtime().createSession(bytes, options);
      return new OnnxModule(model, session, bytes.length);
    } catch (OrtException refused) {
      if (isMemory(refused)) {
        throw new ExecutionFault(
            ExecutionFault.Reason.HEAP_EXHAUSTED, "there is no room for the model", refused);
      }
      throw new ProblemException(Problem.INVALID_MODULE, "model", brief(refused));
    }
  }

  /**
   * The runtime of this process. What collects its reports goes over the whole command line by
   * recursion and ends the process with it, before anything in here could tell it not to.
   */
  private static OrtEnvironment runtime() throws ExecutionFault, OrtException {
    if (!"1".equals(System.getenv(NO_REPORTS))) {
      throw new ExecutionFault(
          ExecutionFault.Reason.ENGINE_FAILED,
          "ONNX Runtime is not started where it may report to its maker: set " + NO_REPORTS + "=1");
    }
    OrtEnvironment runtime = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    runtime.setTelemetry(false);
    return runtime;
  }

  /** What the bits of an answer may depend on is the same wherever it runs. */
  private static void pin(OrtSession.SessionOptions options) throws OrtException {
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    options.setDeterministicCompute(true);
    // Memory goes back at once: what a task takes shows in the limits of its process.
    options.setCPUArenaAllocator(false);
    options.setMemoryPatternOptimization(false);
    // Bytes that are of its own format, too, would pass by our reader.
    options.addConfigEntry("session.load_model_format", "ONNX");
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.set_denormal_as_zero", "0");
  }

  @Override
  public Execution run(ExecutionRequest request) throws ExecutionFault {
    long startNanos = THREADS.getCurrentThreadCpuTime();
    Execution run = running(request);
    return new Execution(
        run.status(),
        run.exitCode(),
        run.fuelUsed(),
        run.output(),
        run.detail(),
        (THREADS.getCurrentThreadCpuTime() - startNanos) / 1_000);
  }

  private Execution running(ExecutionRequest request) throws ExecutionFault {
    OnnxTask task;
    try {
      task = OnnxTask.of(model, Tensors.read(request.input()));
    } catch (ProblemException refused) {
      return ended(
          Outcome.Status.FINISHED,
          EXIT_BAD_INPUT,
          0,
          "input: %s %s".formatted(refused.field(), refused.detail()));
    }
    ExecutionLimits limits = request.limits();
    if (task.fuel() > limits.fuelMax()) {
      return ended(
          Outcome.Status.FUEL_EXHAUSTED,
          0,
          limits.fuelMax(),
          "the task takes %d fuel".formatted(task.fuel()));
    }
    try {
      return answer(task, limits.outputMaxBytes());
    } catch (OrtException trapped) {
      if (isMemory(trapped)) {
        throw new ExecutionFault(
            ExecutionFault.Reason.HEAP_EXHAUSTED, "there is no room for the task", trapped);
      }
      return ended(Outcome.Status.TRAPPED, 0, task.fuel(), brief(trapped));
    } catch (ProblemException unfit) {
      return ended(
          Outcome.Status.FINISHED,
          EXIT_BAD_OUTPUT,
          task.fuel(),
          "output: %s %s".formatted(unfit.field(), unfit.detail()));
    }
  }

  private Execution answer(OnnxTask task, long outputMaxBytes) throws OrtException, ExecutionFault {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (Tensor tensor : task.inputs()) {
        inputs.put(tensor.name(), given(tensor));
      }
      var outputs = new ArrayList<Tensor>();
      try (OrtSession.Result result = session.run(inputs)) {
        if (Thread.interrupted()) {
          throw new ExecutionFault(ExecutionFault.Reason.INTERRUPTED, "the run went over its time");
        }
        long bytes = 0;
        for (Map.Entry<String, OnnxValue> output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          TensorInfo info = tensor.getInfo();
          NumberType type = type(output.getKey(), info);
          // Before it is copied: what a graph puts out may be larger than this program's heap.
          if (info.getNumElements() > (outputMaxBytes - bytes) / type.bytes()) {
            return exceeded(task);
          }
          bytes += info.getNumElements() * type.bytes();
          outputs.add(taken(output.getKey(), type, info, tensor));
        }
      }
      byte[] blob = Tensors.write(outputs);
      return blob.length > outputMaxBytes
          ? exceeded(task)
          : new Execution(Outcome.Status.FINISHED, 0, task.fuel(), blob, "", 0);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor given(Tensor tensor) throws ExecutionFault, OrtException {
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().length).order(ByteOrder.nativeOrder());
    data.put(tensor.data()).flip();
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    return OnnxTensor.createTensor(runtime(), data, shape, carried(tensor.type()));
  }

  private static OnnxJavaType carried(NumberType type) {
    return switch (type) {
      case F32 -> OnnxJavaType.FLOAT;
      case F64 -> OnnxJavaType.DOUBLE;
      case I8 -> OnnxJavaType.INT8;
      case U8 -> OnnxJavaType.UINT8;
      case I32 -> OnnxJavaType.INT32;
      case I64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
    };
  }

  private static NumberType type(String name, TensorInfo info) {
    return switch (info.type) {
      case FLOAT -> NumberType.F32;
      case DOUBLE -> NumberType.F64;
      case INT8 -> NumberType.I8;
      case UINT8 -> NumberType.U8;
      case INT32 -> NumberType.I32;
      case INT64 -> NumberType.I64;
      case BOOL -> NumberType.BOOL;
      default -> throw Check.refusal(name, "is of " + info.type.name().toLowerCase(Locale.ROOT));
    };
  }

  private static Tensor taken(String name, NumberType type, TensorInfo info, OnnxTensor output) {
    ByteBuffer bytes = output.getByteBuffer();
    byte[] data = new byte[bytes.remaining()];
    bytes.get(data);
    canonical(type, data);
    List<Long> shape = Arrays.stream(info.getShape()).boxed().toList();
    return new Tensor(name, type, shape, data);
  }

  /** Which NaN comes out is the processor's choice; what enters a digest is one of them. */
  private static void canonical(NumberType type, byte[] data) {
    ByteBuffer numbers = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    if (type == NumberType.F32) {
      for (int i = 0; i < data.length; i += Float.BYTES) {
        if (Float.isNaN(numbers.getFloat(i))) {
          numbers.putFloat(i, Float.NaN);
        }
      }
    } else if (type == NumberType.F64) {
      for (int i = 0; i < data.length; i += Double.BYTES) {
        if (Double.isNaN(numbers.getDouble(i))) {
          numbers.putDouble(i, Double.NaN);
        }
      }
    }
  }

  private static Execution exceeded(OnnxTask task) {
    return ended(
        Outcome.Status.OUTPUT_EXCEEDED, 0, task.fuel(), "the outputs are longer than they may be");
  }

  private static Execution ended(Outcome.Status status, int exitCode, long fuel, String detail) {
    return new Execution(status, exitCode, fuel, new byte[0], detail, 0);
  }

  /** What this machine lacks says nothing of the task. */
  private static boolean isMemory(OrtException failed) {
    String said = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
    return said.contains("bad_alloc")
        || said.contains("bad allocation")
        || said.contains("failed to allocate");
  }

  private static String brief(OrtException failed) {
    String said = String.valueOf(failed.getMessage());
    return said.substring(0, Math.min(said.length(), 500));
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException leaked) {
      throw new IllegalStateException("a session did not close", leaked);
    }
  }
}
