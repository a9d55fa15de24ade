package xyz.openledger.nodes.worker;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import xyz.openledger.models.onnx.OnnxReader;
import xyz.openledger.nodes.sandbox.ClassPath;
import xyz.openledger.nodes.sandbox.JavaProgram;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.nodes.sandbox.ResourceLimits;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.gate.WasmGate;

/** How a worker is started that runs models of ONNX. */
final class OnnxProgram implements PoolProgram, AutoCloseable {
  private static final long MEBIBYTE = 1 << 20;

  /** An order with a model and an input, a copy of each, and an answer. */
  private static final long HEAP_MEBIBYTES = 448;

  /** A Java machine, the runtime's libraries, and models that are ready to run. */
  private static final long RESERVED_MEBIBYTES = 1_280;

  private final Path libraries;

  OnnxProgram(OnnxRuntime runtime) {
    this.libraries = runtime.unpack();
  }

  @Override
  public ClassPath classPath(WorkerSettings settings) {
    try {
      return ClassPath.holding(
          OnnxWorkerMain.class,
          OnnxReader.class,
          WasmGate.class,
          Digest.class,
          OnnxRuntime.type(),
          ObjectMapper.class,
          JsonFactory.class,
          JsonProperty.class,
          NullMarked.class);
    } catch (ClassNotFoundException gone) {
      throw new IllegalStateException("ONNX Runtime was there a moment ago", gone);
    }
  }

  @Override
  public JavaProgram on(ClassPath classPath, WorkerSettings settings, int dutyPercent) {
    return new JavaProgram(
        classPath,
        jvmFlags(settings),
        OnnxWorkerMain.class.getName(),
        List.of("" + dutyPercent),
        libraries,
        MEBIBYTE);
  }

  private static List<String> jvmFlags(WorkerSettings settings) {
    return List.of(
        "-Xmx" + HEAP_MEBIBYTES + "m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "-XX:MaxDirectMemorySize=" + Math.max(128, settings.memoryMaxBytes() / MEBIBYTE) + "m",
        "-XX:ReservedCodeCacheSize=64m",
        "-XX:CompressedClassSpaceSize=64m",
        "--enable-native-access=ALL-UNNAMED",
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:+DisplayVMOutputToStderr",
        "-XX:+ErrorFileToStderr",
        "-XX:-CreateCoredumpOnCrash",
        "-XX:-UsePerfData",
        "-XX:+DisableAttachMechanism",
        "-XX:-EnableDynamicAgentLoading",
        "-Djava.io.tmpdir=/tmp");
  }

  /** The runtime takes memory beside the heap, as much as a task may have. */
  @Override
  public ResourceLimits limits(WorkerSettings settings) {
    return new ResourceLimits(
        (HEAP_MEBIBYTES + RESERVED_MEBIBYTES) * MEBIBYTE + settings.memoryMaxBytes(),
        64,
        128,
        MEBIBYTE);
  }

  @Override
  public long residentMaxBytes(WorkerSettings settings) {
    return (HEAP_MEBIBYTES + 512) * MEBIBYTE + settings.memoryMaxBytes();
  }

  @Override
  public void close() {
    try {
      OwnedFolder.deleteTree(libraries);
    } catch (IOException left) {
      throw new UncheckedIOException("cannot delete " + libraries, left);
    }
  }
}
