package xyz.openledger.nodes.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.InstructionAdapter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.util.CheckClassAdapter;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;
import xyz.openledger.nodes.sandbox.ClassPath;
import xyz.openledger.nodes.sandbox.JavaProgram;
import xyz.openledger.nodes.sandbox.ResourceLimits;
import xyz.openledger.nodes.sandbox.StartCache;
import xyz.openledger.nodes.sandbox.StartTraining;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.gate.WasmGate;

/** How a worker is started: its class path, the flags of its Java machine, its limits. */
final class WorkerProgram implements PoolProgram {
  private static final long MEBIBYTE = 1 << 20;

  /** The engine's and our own objects, and the largest order and answer with a copy of each. */
  private static final long HEAP_BASE_MEBIBYTES = 224;

  private static final int YOUNG_MEBIBYTES = 24;

  /**
   * What a Java machine reserves besides its heap: code, metadata, stacks, shared classes,
   * libraries.
   */
  private static final long RESERVED_MEBIBYTES = 768;

  /** Copies the jars that a worker needs, with what Java learnt from one that did its warm-up. */
  @Override
  public ClassPath classPath(WorkerSettings settings) {
    var training =
        new StartTraining(
            jvmFlags(settings), WorkerMain.class.getName(), List.of("100"), WarmUp.orders());
    return ClassPath.trained(
        StartCache.ofUser(),
        training,
        // First, since it reads class files of its own as files, and jars are looked through in
        // turn.
        MachineFactoryCompiler.class,
        WorkerMain.class,
        WasmGate.class,
        Digest.class,
        Instance.class,
        Parser.class,
        ClassWriter.class,
        InstructionAdapter.class,
        ClassNode.class,
        Analyzer.class,
        CheckClassAdapter.class,
        // Evidence about private models is JSON.
        ObjectMapper.class,
        JsonFactory.class,
        JsonInclude.class,
        NullMarked.class);
  }

  @Override
  public JavaProgram on(ClassPath classPath, WorkerSettings settings, int dutyPercent) {
    return new JavaProgram(
        classPath, jvmFlags(settings), WorkerMain.class.getName(), List.of("" + dutyPercent));
  }

  private static List<String> jvmFlags(WorkerSettings settings) {
    return List.of(
        "-Xmx" + heapMebibytes(settings) + "m",
        // Whatever is large is one array, and belongs into the old generation.
        "-Xmn" + YOUNG_MEBIBYTES + "m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        // A compiled program's functions may be longer than what people write, and matter most.
        "-XX:-DontCompileHugeMethods",
        "-XX:ReservedCodeCacheSize=96m",
        "-XX:CompressedClassSpaceSize=64m",
        "-XX:MaxMetaspaceSize=192m",
        "-XX:MaxDirectMemorySize=16m",
        // Standard output carries frames, and nothing but frames.
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

  @Override
  public ResourceLimits limits(WorkerSettings settings) {
    return new ResourceLimits(
        (heapMebibytes(settings) + RESERVED_MEBIBYTES) * MEBIBYTE, 64, 128, MEBIBYTE);
  }

  /** The heap and what the Java machine needs beside it. */
  @Override
  public long residentMaxBytes(WorkerSettings settings) {
    return (heapMebibytes(settings) + 384) * MEBIBYTE;
  }

  /** A memory that doubles is there twice for a moment. */
  private static long heapMebibytes(WorkerSettings settings) {
    return HEAP_BASE_MEBIBYTES + 2 * (settings.memoryMaxBytes() / MEBIBYTE + 1);
  }
}
