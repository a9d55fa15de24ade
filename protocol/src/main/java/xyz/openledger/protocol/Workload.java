package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.DecimalText;

/** What kind of work a job is. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Workload.Wasm.class, name = "wasm"),
  @JsonSubTypes.Type(value = Workload.Matmul.class, name = "matmul"),
  @JsonSubTypes.Type(value = Workload.Inference.class, name = "inference"),
  @JsonSubTypes.Type(value = Workload.Finetune.class, name = "finetune"),
  @JsonSubTypes.Type(value = Workload.Onnx.class, name = "onnx"),
  @JsonSubTypes.Type(value = Workload.PrivateModel.class, name = "private-model")
})
public sealed interface Workload {
  /** What nodes load: a module, or a network. */
  Digest program();

  /** The most fuel one task may burn. */
  long fuelMax();

  /** The most memory one task may use. */
  long memoryMaxBytes();

  /** The longest output of one task. */
  long outputMaxBytes();

  /** Whether two honest runs of a task with these arguments may come to different bits. */
  default boolean mayDiffer(List<String> arguments) {
    return false;
  }

  private static void check(long fuelMax, long memoryMaxBytes, long outputMaxBytes) {
    Check.range("fuelMax", fuelMax, 1, 10_000_000_000_000L);
    Check.range("memoryMaxBytes", memoryMaxBytes, Wasm.PAGE_BYTES, 1L << 30);
    if (memoryMaxBytes % Wasm.PAGE_BYTES != 0) {
      throw Check.refusal("memoryMaxBytes", "must be a multiple of 65536, is " + memoryMaxBytes);
    }
    Check.range("outputMaxBytes", outputMaxBytes, 0, 16L << 20);
  }

  /**
   * A WebAssembly program (WASI preview 1): standard input is the task's input, standard output its
   * result.
   *
   * @param module the module as submitted; the gate rewrites it
   * @param fuelMax the most fuel one task may burn; about one unit an instruction
   * @param memoryMaxBytes the most linear memory, a multiple of 64 KiB
   * @param outputMaxBytes the longest output
   */
  record Wasm(Digest module, @DecimalText long fuelMax, long memoryMaxBytes, long outputMaxBytes)
      implements Workload {
    /** A WebAssembly page. */
    public static final int PAGE_BYTES = 65_536;

    /**
     * The last argument of a task whose nodes note where the program stood on its way, behind the
     * output; the program is not told of it.
     */
    public static final String CHECKPOINTS = "openledger:checkpoints";

    /** Whether the way of a task with these arguments is noted. */
    public static boolean isTraced(List<String> arguments) {
      return !arguments.isEmpty() && arguments.getLast().equals(CHECKPOINTS);
    }

    /** Checks the ranges. */
    public Wasm {
      Check.present("module", module);
      check(fuelMax, memoryMaxBytes, outputMaxBytes);
    }

    @Override
    public Digest program() {
      return module;
    }
  }

  /**
   * A network of integer operators over int8: a task's input is rows of int8, its output the result
   * and the root of its trace, with the argument {@value #TRACE} also every product, with {@value
   * #PROOF} a proof of each besides.
   *
   * @param network the operators with their weights; see docs/verification-proofs.md for its bytes
   * @param fuelMax the most fuel one task may burn: one unit a multiply-add
   * @param memoryMaxBytes the most that network, input and tensors may take, a multiple of 64 KiB
   * @param outputMaxBytes the longest output
   */
  record Matmul(Digest network, @DecimalText long fuelMax, long memoryMaxBytes, long outputMaxBytes)
      implements Workload {
    /** The argument with which a task puts out every product too. */
    public static final String TRACE = "trace";

    /** The argument with which it puts out a proof of each product besides. */
    public static final String PROOF = "proof";

    /** Whether these are arguments of a task. */
    public static boolean takes(List<String> arguments) {
      return arguments.isEmpty()
          || arguments.equals(List.of(TRACE))
          || arguments.equals(List.of(PROOF));
    }

    /** The argument without which a method has nothing to check; null if it needs none. */
    static @Nullable String argumentFor(Policy.Method method) {
      return switch (method) {
        case FREIVALDS, DISPUTE -> TRACE;
        case SUMCHECK -> PROOF;
        case TRUSTED, QUORUM, ADAPTIVE, TRUST, ZK, TEE, TOPLOC -> null;
      };
    }

    /** Checks the ranges. */
    public Matmul {
      Check.present("network", network);
      check(fuelMax, memoryMaxBytes, outputMaxBytes);
    }

    @Override
    public Digest program() {
      return network;
    }
  }

  /**
   * Answers of a language model, of determinism class D0: a task's input is an {@link
   * xyz.openledger.protocol.inference.InferenceQuestion}, its output an {@link
   * xyz.openledger.protocol.inference.InferenceAnswer}, its arguments the manifest's digest of the
   * adapter to use, if one is, and {@value #ACTIVATIONS} if the answer is to commit to its
   * activations.
   *
   * @param model the manifest of the base model; see {@link
   *     xyz.openledger.protocol.inference.ModelManifest}
   * @param fuelMax the most fuel one task may burn: one unit a multiply-add of a weight
   * @param memoryMaxBytes the most that a task's keys and values may take, a multiple of 64 KiB
   * @param outputMaxBytes the longest output
   */
  record Inference(
      Digest model, @DecimalText long fuelMax, long memoryMaxBytes, long outputMaxBytes)
      implements Workload {
    /** The last argument of a task whose answer commits to its largest activations. */
    public static final String ACTIVATIONS = "activations";

    /** The most that keys and values of an answer may take which a member computes again. */
    public static final long RECOMPUTED_BYTES_MAX = 256L << 20;

    /** What part of the memory of a slot adapters have on its node, beside keys and values. */
    public static final int ADAPTER_SHARE = 4;

    /** What adapters have at the least on any node, however little memory a slot has. */
    public static final long ADAPTER_BYTES_MIN = 1 << 20;

    /** The adapter among a task's arguments; null if the base answers alone. */
    public static @Nullable Digest adapter(List<String> arguments) {
      return arguments.isEmpty() || arguments.getFirst().equals(ACTIVATIONS)
          ? null
          : Digest.parse(arguments.getFirst());
    }

    /** Whether a task's answer commits to its activations. */
    public static boolean commits(List<String> arguments) {
      return !arguments.isEmpty() && arguments.getLast().equals(ACTIVATIONS);
    }

    /** Checks the ranges. */
    public Inference {
      Check.present("model", model);
      check(fuelMax, memoryMaxBytes, outputMaxBytes);
    }

    @Override
    public Digest program() {
      return model;
    }
  }

  /**
   * A piece of the training of an adapter, of determinism class D0: a task's input says what is
   * trained and until which step, its arguments are {@value #TUNE}, the digest of the samples and,
   * but at the beginning, that of the checkpoint to go on from; its output is the checkpoint.
   *
   * @param model the manifest of the base model
   * @param fuelMax the most fuel one task may burn: three units a weight and token
   * @param memoryMaxBytes what a node's slot must have, a multiple of 64 KiB
   * @param outputMaxBytes the longest checkpoint
   */
  record Finetune(Digest model, @DecimalText long fuelMax, long memoryMaxBytes, long outputMaxBytes)
      implements Workload {
    /** The first argument. */
    public static final String TUNE = "tune";

    /** Checks the ranges. */
    public Finetune {
      Check.present("model", model);
      check(fuelMax, memoryMaxBytes, outputMaxBytes);
    }

    @Override
    public Digest program() {
      return model;
    }
  }

  /**
   * A model of ONNX, run by ONNX Runtime: a task's input is {@link
   * xyz.openledger.protocol.tensors.Tensors}, one for each input of the model, its output one for
   * each of its outputs. Its one argument is a profile: the same bits come from all machines of one
   * profile, determinism class D1. Without an argument any machine that has the runtime may take
   * it, and answers compare by the policy's tolerance alone: class D2.
   *
   * @param model the file of the model
   * @param fuelMax the most fuel one task may burn; see docs/inference.md for how it is counted
   * @param memoryMaxBytes what a node's slot must have, a multiple of 64 KiB
   * @param outputMaxBytes the longest output
   */
  record Onnx(Digest model, @DecimalText long fuelMax, long memoryMaxBytes, long outputMaxBytes)
      implements Workload {
    /** The label of nodes that have the runtime; its value is their profile. */
    public static final String LABEL = "openledger.onnx";

    private static final Pattern PROFILE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    /** Checks the ranges. */
    public Onnx {
      Check.present("model", model);
      check(fuelMax, memoryMaxBytes, outputMaxBytes);
    }

    /** The profile among a task's arguments; null if any machine will do. */
    public static @Nullable String profile(List<String> arguments) {
      return arguments.isEmpty() ? null : arguments.getFirst();
    }

    @Override
    public boolean mayDiffer(List<String> arguments) {
      return profile(arguments) == null;
    }

    /** Whether it is in the form of a profile, which fits into a label. */
    public static boolean isProfile(String text) {
      return PROFILE.matcher(text).matches();
    }

    @Override
    public Digest program() {
      return model;
    }
  }

  /**
   * A model that its holder shows to nobody: a task's input is evidence that the model, known by a
   * commitment to its weights, gave an output; its one argument the words that the evidence is
   * bound to; its output what was proven.
   *
   * @param model which model, and under which keys; see docs/verification-zk-tee.md for its bytes
   * @param fuelMax the most fuel one task may burn
   * @param memoryMaxBytes the most memory, a multiple of 64 KiB
   * @param outputMaxBytes the longest output
   * @param contract at which the model is registered on the member's chain, and which the member
   *     asks too; absent to ask none
   */
  record PrivateModel(
      Digest model,
      @DecimalText long fuelMax,
      long memoryMaxBytes,
      long outputMaxBytes,
      @Nullable Address contract)
      implements Workload {
    /** One about which no contract is asked. */
    public PrivateModel(Digest model, long fuelMax, long memoryMaxBytes, long outputMaxBytes) {
      this(model, fuelMax, memoryMaxBytes, outputMaxBytes, null);
    }

    /** Checks the ranges. */
    public PrivateModel {
      Check.present("model", model);
      check(fuelMax, memoryMaxBytes, outputMaxBytes);
    }

    @Override
    public Digest program() {
      return model;
    }
  }
}
