package xyz.openledger.nodes.worker;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Platform;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;
import xyz.openledger.models.Model;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.sandbox.ClassPath;
import xyz.openledger.nodes.sandbox.ControlGroup;
import xyz.openledger.nodes.sandbox.JavaProgram;
import xyz.openledger.nodes.sandbox.ResourceLimits;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.toploc.ActivationProof;

/** How a model server is started: its class path, the flags of its Java machine, its limits. */
final class ModelProgram implements AutoCloseable {
  private static final long MEBIBYTE = 1 << 20;
  private static final long HEAP_MEBIBYTES = 512;

  /** What a Java machine and its compilers reserve besides the heap. */
  private static final long RESERVED_MEBIBYTES = 1_536;

  /** The tokenizer's library, unpacked, and copies of adapters. */
  private static final long TEMPORARY_BYTES_MAX = 1_024 * MEBIBYTE;

  private final ClassPath classPath;
  private final JavaProgram java;
  private final ModelServerSettings settings;

  private ModelProgram(ClassPath classPath, JavaProgram java, ModelServerSettings settings) {
    this.classPath = classPath;
    this.java = java;
    this.settings = settings;
  }

  /** A program that reads models from a folder. */
  static ModelProgram of(ModelServerSettings settings, Path models) {
    ClassPath classPath =
        ClassPath.holding(
            ModelServerMain.class,
            Model.class,
            StrictKernels.class,
            Digest.class,
            ActivationProof.class,
            HuggingFaceTokenizer.class,
            Platform.class,
            Gson.class,
            Logger.class,
            Caffeine.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            NullMarked.class);
    var java =
        new JavaProgram(
            classPath,
            jvmFlags(settings),
            ModelServerMain.class.getName(),
            List.of(
                Integer.toString(settings.questionsMax()),
                Integer.toString(settings.modelsMax()),
                Long.toString(settings.cacheMaxBytes()),
                Integer.toString(settings.threads())),
            models,
            TEMPORARY_BYTES_MAX);
    return new ModelProgram(classPath, java, settings);
  }

  private static List<String> jvmFlags(ModelServerSettings settings) {
    return List.of(
        "-Xmx" + HEAP_MEBIBYTES + "m",
        "-XX:MaxDirectMemorySize=" + (settings.cacheMaxBytes() / MEBIBYTE + 256) + "m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
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
        "-Djava.io.tmpdir=/tmp",
        "-DDJL_CACHE_DIR=/tmp",
        "-DENGINE_CACHE_DIR=/tmp",
        "-Dai.djl.offline=true",
        "-DOPT_OUT_TRACKING=true");
  }

  JavaProgram java() {
    return java;
  }

  /** Addresses for the models' files too, which are mapped and take no memory of their own. */
  ResourceLimits limits() {
    long bytes =
        (HEAP_MEBIBYTES + RESERVED_MEBIBYTES) * MEBIBYTE
            + 2 * settings.cacheMaxBytes()
            + settings.filesMaxBytes();
    return new ResourceLimits(bytes, 128, 4_096, TEMPORARY_BYTES_MAX);
  }

  /** A group that holds it to its threads, where the machine allows one. */
  ControlGroup group() {
    try {
      return ControlGroup.create(
          new ControlGroup.Limits(
              100 * settings.threads(),
              (HEAP_MEBIBYTES + RESERVED_MEBIBYTES) * MEBIBYTE
                  + settings.cacheMaxBytes() * 5 / 4
                  + settings.filesMaxBytes(),
              128));
    } catch (IOException none) {
      return ControlGroup.none();
    }
  }

  @Override
  public void close() {
    classPath.close();
  }
}
