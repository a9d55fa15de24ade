package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.client.BlobClient;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.PolicyFile;

/**
 * The demo's work: the examples of the project, on the input that they ship, under the policies
 * that they ship.
 */
final class Workloads {
  private final Path examples;
  private final long deadlineMillis;
  private final Map<String, JobFile> files = new TreeMap<>();
  private final Map<String, List<Digest>> expected = new TreeMap<>();

  /** One job to submit, and the output that each of its tasks must have. */
  record Work(String example, String policyName, JobSpec spec, List<Digest> expected) {}

  /**
   * The examples in a folder.
   *
   * @param deadlineMillis in place of the policies' own, with room for a busy machine
   */
  Workloads(Path examples, long deadlineMillis) throws IOException {
    this.examples = examples;
    this.deadlineMillis = deadlineMillis;
    for (String example : List.of("option-price", "word-statistics", "image-tiles")) {
      files.put(example, JobFile.read(examples.resolve(example).resolve("job.json")));
      expected.put(example, expected(example));
    }
  }

  void upload(BlobClient blobs) {
    files.values().forEach(file -> file.upload(blobs, (_, _) -> {}));
  }

  /** A job of one task of an example. */
  Work task(String example, int task, String policyName) throws IOException {
    JobSpec spec = spec(example);
    int index = task % spec.tasks().size();
    return work(
        example,
        policyName,
        List.of(spec.tasks().get(index)),
        List.of(outputs(example).get(index)));
  }

  /** A job of all tasks of an example. */
  Work whole(String example, String policyName) throws IOException {
    return work(example, policyName, spec(example).tasks(), outputs(example));
  }

  private Work work(
      String example, String policyName, List<JobSpec.Task> tasks, List<Digest> outputs)
      throws IOException {
    JobSpec spec = spec(example);
    return new Work(
        example,
        policyName,
        new JobSpec(
            example,
            Map.of("example", example, "policy", policyName),
            spec.workload(),
            tasks,
            policy(policyName)),
        outputs);
  }

  private List<Digest> outputs(String example) {
    return expected.getOrDefault(example, List.of());
  }

  private JobSpec spec(String example) {
    JobFile file = files.get(example);
    if (file == null) {
      throw new IllegalArgumentException("no example " + example);
    }
    return file.spec();
  }

  /** The policy as shipped, with our deadline. */
  private Policy policy(String name) throws IOException {
    Policy shipped = PolicyFile.read(examples.resolve("policies").resolve(name + ".yaml"));
    Policy.Limits limits = shipped.limits();
    return new Policy(
        shipped.objective(),
        limits
            .costing(limits.priceMaxNanoOpen(), deadlineMillis)
            .within(
                limits.regions(),
                // One node's word is taken only of a node that has earned some trust.
                shipped.verification().method() == Policy.Method.TRUSTED
                    ? 5_200
                    : limits.reputationMin()),
        shipped.verification(),
        shipped.capacity(),
        shipped.require(),
        shipped.prefer(),
        shipped.selector(),
        shipped.shift(),
        shipped.spread());
  }

  /** The digests that {@code expected.txt} has for {@code job.json}, task by task. */
  private List<Digest> expected(String example) throws IOException {
    var digests = new ArrayList<Digest>();
    boolean ours = false;
    for (String line : Files.readAllLines(examples.resolve(example).resolve("expected.txt"))) {
      if (line.startsWith("job ")) {
        ours = line.equals("job job.json");
      } else if (ours && line.startsWith("task ")) {
        digests.add(Digest.parse(line.substring(line.indexOf("sha256:"))));
      }
    }
    return List.copyOf(digests);
  }
}
