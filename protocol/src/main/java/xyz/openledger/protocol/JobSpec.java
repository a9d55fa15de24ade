package xyz.openledger.protocol;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.Json;

/**
 * What a requester asks for: a program, the tasks to run it on, and the policy to run them under.
 *
 * @param name for people; up to 120 characters
 * @param labels for finding jobs again; at most 16
 * @param tasks 1 to {@value #TASKS_MAX}; each runs on its own and is verified on its own
 * @param scheduling absent for the usual; its labels of old are understood where it says nothing
 */
public record JobSpec(
    String name,
    Map<String, String> labels,
    Workload workload,
    List<Task> tasks,
    Policy policy,
    @Nullable Scheduling scheduling) {
  /** The most tasks of one job. */
  public static final int TASKS_MAX = 256;

  private static final int LABELS_MAX = 16;
  private static final Predicate<String> DIGEST =
      Pattern.compile("sha256:[0-9a-f]{64}").asMatchPredicate();

  /** Checks the ranges. */
  public JobSpec(
      @Nullable String name,
      @Nullable Map<String, String> labels,
      @Nullable Workload workload,
      @Nullable List<Task> tasks,
      @Nullable Policy policy,
      @Nullable Scheduling scheduling) {
    this.name = name == null ? "" : Check.text("name", name, 120);
    this.labels = labels == null ? Map.of() : Map.copyOf(labels);
    Check.size("labels", this.labels.keySet(), 0, LABELS_MAX);
    this.labels.forEach(
        (key, value) -> {
          Check.text("labels", key, 63);
          Check.text("labels." + key, value, 63);
        });
    this.workload = Check.present("workload", workload);
    this.tasks = List.copyOf(Check.size("tasks", Check.present("tasks", tasks), 1, TASKS_MAX));
    this.policy = Check.present("policy", policy);
    this.scheduling = scheduling;
    checkHedge(this.workload, this.policy.verification().method(), scheduling);
    checkArguments(this.workload, this.tasks, this.policy);
  }

  /** A job that is scheduled as is usual. */
  public JobSpec(
      @Nullable String name,
      @Nullable Map<String, String> labels,
      @Nullable Workload workload,
      @Nullable List<Task> tasks,
      @Nullable Policy policy) {
    this(name, labels, workload, tasks, policy, null);
  }

  /** The same job under another policy. */
  public JobSpec withPolicy(Policy other) {
    return new JobSpec(name, labels, workload, tasks, other, scheduling);
  }

  /** How it is scheduled, said or not. */
  public Scheduling scheduled() {
    return scheduling == null ? Scheduling.USUAL : scheduling;
  }

  /** Who began a dispute must not sit on the committee that decides it. */
  private static void checkHedge(
      Workload workload, Policy.Method method, @Nullable Scheduling scheduling) {
    if (method == Policy.Method.DISPUTE
        && workload instanceof Workload.Wasm
        && scheduling != null
        && Boolean.TRUE.equals(scheduling.hedge())) {
      throw Check.refusal(
          "scheduling.hedge",
          "a second one beside a slow replica would blur who disputes and who decides; leave it"
              + " out");
    }
  }

  private static void checkArguments(Workload workload, List<Task> tasks, Policy policy) {
    Policy.Method method = policy.verification().method();
    boolean matmul = workload instanceof Workload.Matmul;
    String needed = Workload.Matmul.argumentFor(method);
    boolean rerun = method == Policy.Method.DISPUTE && workload instanceof Workload.Wasm;
    if (needed != null && !matmul && !rerun) {
      throw Check.refusal(
          "policy.verification.method",
          method.name().toLowerCase(Locale.ROOT)
              + (method == Policy.Method.DISPUTE
                  ? " decides on workloads of the kinds matmul and wasm only"
                  : " checks workloads of the kind matmul only"));
    }
    boolean model = workload instanceof Workload.PrivateModel;
    if (method == Policy.Method.ZK && !model) {
      throw Check.refusal(
          "policy.verification.method", "zk checks workloads of the kind private-model only");
    }
    for (int i = 0; model && i < tasks.size(); i++) {
      if (tasks.get(i).arguments().size() != 1) {
        throw Check.refusal(
            "tasks[" + i + "].arguments", "must be one: the words that its evidence is bound to");
      }
    }
    if (method == Policy.Method.TOPLOC && !(workload instanceof Workload.Inference)) {
      throw Check.refusal(
          "policy.verification.method", "toploc checks workloads of the kind inference only");
    }
    if (method == Policy.Method.TOPLOC
        && workload instanceof Workload.Inference asked
        && asked.memoryMaxBytes() > Workload.Inference.RECOMPUTED_BYTES_MAX) {
      throw Check.refusal(
          "workload.memoryMaxBytes",
          "toploc computes answers again whose keys and values take at most %d bytes"
              .formatted(Workload.Inference.RECOMPUTED_BYTES_MAX));
    }
    if (workload instanceof Workload.Inference) {
      checkQuestions(tasks, method);
    }
    if (workload instanceof Workload.Finetune) {
      checkTrainings(tasks);
    }
    if (workload instanceof Workload.Onnx) {
      checkProfiles(tasks, policy);
    }
    for (int i = 0; matmul && i < tasks.size(); i++) {
      List<String> arguments = tasks.get(i).arguments();
      boolean fits =
          needed == null ? Workload.Matmul.takes(arguments) : arguments.equals(List.of(needed));
      if (!fits) {
        throw Check.refusal(
            "tasks[" + i + "].arguments",
            needed != null
                ? "must be [\"%s\"]: %s checks the products that it puts out"
                    .formatted(needed, method.name().toLowerCase(Locale.ROOT))
                : "must be [\"trace\"], [\"proof\"] or left out for a matmul task");
      }
    }
  }

  private static void checkQuestions(List<Task> tasks, Policy.Method method) {
    for (int i = 0; i < tasks.size(); i++) {
      List<String> arguments = tasks.get(i).arguments();
      String field = "tasks[" + i + "].arguments";
      boolean commits = Workload.Inference.commits(arguments);
      if (method == Policy.Method.TOPLOC && !commits) {
        throw Check.refusal(field, "must end with activations: toploc compares them");
      }
      if (arguments.size() > (commits ? 2 : 1)) {
        throw Check.refusal(
            field, "an inference task takes the adapter's digest and the word activations");
      }
      if (arguments.size() > (commits ? 1 : 0) && !DIGEST.test(arguments.getFirst())) {
        throw Check.refusal(field, "must be the digest of an adapter's manifest, sha256:<hex>");
      }
    }
  }

  /** Machines of different profiles answer honestly and differently. */
  private static void checkProfiles(List<Task> tasks, Policy policy) {
    Policy.Verification checked = policy.verification();
    boolean compared =
        checked.method() != Policy.Method.TRUSTED && checked.method() != Policy.Method.TEE;
    // The label that its nodes must have is one of those that a policy may ask for.
    Check.size("policy.selector", policy.labels(), 0, Policy.SELECTOR_MAX - 1);
    for (int i = 0; i < tasks.size(); i++) {
      List<String> arguments = tasks.get(i).arguments();
      String field = "tasks[" + i + "].arguments";
      if (arguments.size() > 1 || !arguments.stream().allMatch(Workload.Onnx::isProfile)) {
        throw Check.refusal(
            field,
            "an onnx task takes one: a profile, as nodes have it in the label openledger.onnx");
      }
      if (arguments.isEmpty() && compared && checked.tolerance() == null) {
        throw Check.refusal(
            field,
            "must name a profile, as nodes have it in the label openledger.onnx: only machines of"
                + " one profile compute the same bits; or say how far answers may lie apart in"
                + " policy.verification.tolerance");
      }
    }
  }

  private static void checkTrainings(List<Task> tasks) {
    for (int i = 0; i < tasks.size(); i++) {
      List<String> arguments = tasks.get(i).arguments();
      if (arguments.size() < 2
          || arguments.size() > 3
          || !arguments.getFirst().equals(Workload.Finetune.TUNE)
          || !arguments.stream().skip(1).allMatch(DIGEST)) {
        throw Check.refusal(
            "tasks[" + i + "].arguments",
            "must be tune, the digest of the samples and, but at the beginning, that of a"
                + " checkpoint");
      }
    }
  }

  /** One run of the program. */
  public record Task(List<String> arguments, Digest input) {
    private static final int ARGUMENTS_MAX = 64;

    /** Checks the ranges; no arguments if they were left out. */
    public Task(@Nullable List<String> arguments, @Nullable Digest input) {
      this.arguments =
          arguments == null
              ? List.of()
              : List.copyOf(Check.size("arguments", arguments, 0, ARGUMENTS_MAX));
      for (int i = 0; i < this.arguments.size(); i++) {
        String field = "arguments[" + i + "]";
        if (Check.text(field, this.arguments.get(i), 1024).indexOf('\0') >= 0) {
          throw Check.refusal(field, "has a NUL, at which a program takes an argument to end");
        }
      }
      this.input = Check.present("input", input);
    }
  }

  /** SHA-256 of the canonical JSON: what the job's first event and its receipt refer to. */
  public Digest digest() {
    return Digest.of(Json.canonical(this));
  }
}
