package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.json.Json;

/**
 * A job as people write it, in JSON or YAML: a {@link JobSpec} in which the module and the inputs
 * are file names relative to the job file, and amounts have units. Digests ({@code sha256:…}) may
 * stand there too.
 *
 * @param spec the job with digests where the file names stood
 * @param blobs the files behind those digests
 */
public record JobFile(JobSpec spec, Map<Digest, Path> blobs) {
  private static final String DIGEST_PREFIX = "sha256:";

  /** Keeps its own copy. */
  public JobFile {
    blobs = Map.copyOf(blobs);
  }

  /** What replaces or joins what the file says. */
  public record Overrides(
      @Nullable Path policy, Map<String, String> labels, @Nullable TaskArray array) {
    /** Nothing. */
    public static final Overrides NONE = new Overrides(null, Map.of());

    /** Without an array. */
    public Overrides(@Nullable Path policy, Map<String, String> labels) {
      this(policy, labels, null);
    }
  }

  /** Reads a job file; see {@link #read(Path, Overrides)}. */
  public static JobFile read(Path file) {
    return read(file, Overrides.NONE);
  }

  /**
   * Reads a job file and the digests of the files it names.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} with the path of the
   *     field that is wrong
   */
  public static JobFile read(Path file, Overrides overrides) {
    ObjectNode job = PolicyFile.object(file);
    Path policy = overrides.policy();
    if (policy != null) {
      job.set("policy", PolicyFile.object(policy));
    }
    TaskArray array = overrides.array();
    if (array != null) {
      array.expand(job);
    }
    TypedFields typed = HumanForms.inJob(job);
    overrides.labels().forEach(labels(job)::put);

    var blobs = new LinkedHashMap<Digest, Path>();
    Path folder = Check.present("folder", file.toAbsolutePath().getParent());
    if (job.path("workload") instanceof ObjectNode workload) {
      resolve(workload, "module", "workload.module", folder, blobs);
      resolve(workload, "network", "workload.network", folder, blobs);
      resolve(workload, "model", "workload.model", folder, blobs);
    }
    int index = 0;
    for (JsonNode task : job.path("tasks")) {
      if (task instanceof ObjectNode each) {
        resolve(each, "input", "tasks[" + index + "].input", folder, blobs);
      }
      index++;
    }
    Supplier<JobSpec> reading = () -> typed.named(() -> Json.read(job, JobSpec.class));
    boolean whole = policy == null && array == null;
    return new JobFile(
        whole ? Places.named(file.toString(), PolicyFile.bytes(file), "", reading) : reading.get(),
        blobs);
  }

  /**
   * Stores the files that the member does not have yet.
   *
   * @param progress hears each file, and whether it had to be sent
   */
  public void upload(BlobClient client, BiConsumer<Path, Boolean> progress) {
    blobs.forEach(
        (digest, file) -> {
          boolean needed = !client.has(digest);
          if (needed) {
            client.put(file);
          }
          progress.accept(file, needed);
        });
  }

  private static ObjectNode labels(ObjectNode job) {
    return job.path("labels") instanceof ObjectNode labels ? labels : job.putObject("labels");
  }

  /** Puts the digest of the file named at {@code key} in its place. */
  private static void resolve(
      ObjectNode parent, String key, String field, Path folder, Map<Digest, Path> blobs) {
    String name = parent.path(key).asText("");
    if (name.isEmpty() || name.startsWith(DIGEST_PREFIX)) {
      // Left to the reader of the record, which knows what is missing or malformed.
      return;
    }
    Path file = folder.resolve(name).normalize();
    if (!Files.isRegularFile(file)) {
      throw Check.refusal(field, "there is no file " + file);
    }
    try {
      BlobClient.checkSize(file.toString(), Files.size(file));
      Digest digest = BlobClient.digest(file);
      blobs.putIfAbsent(digest, file);
      parent.put(key, digest.toString());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
