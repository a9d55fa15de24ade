package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.verification.matmul.NetworkBytes;
import xyz.openledger.verification.matmul.NetworkRefusal;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Shows;

/** One task of a matmul job from the files that its job file names. */
record MatmulFiles(JobSpec spec, Digest identity, NetworkTask task) {
  private static final long BYTES_MAX = 64 << 20;

  static MatmulFiles read(Path jobFile, int index) throws IOException {
    JobFile job = JobFile.read(jobFile);
    JobSpec spec = job.spec();
    if (!(spec.workload() instanceof Workload.Matmul workload)) {
      throw CommandFailure.usage(jobFile + " is no matmul job", "--job", "");
    }
    if (index < 0 || index >= spec.tasks().size()) {
      throw CommandFailure.usage("the job has no task " + index, "--task", "");
    }
    JobSpec.Task task = spec.tasks().get(index);
    try {
      return new MatmulFiles(
          spec,
          TaskIdentity.of(workload.network(), task, workload),
          new NetworkTask(
              NetworkBytes.read(blob(job.blobs(), workload.network())),
              blob(job.blobs(), task.input()),
              Shows.of(task.arguments()),
              workload.fuelMax(),
              workload.memoryMaxBytes(),
              workload.outputMaxBytes()));
    } catch (NetworkRefusal refusal) {
      throw CommandFailure.usage("the network: " + refusal.getMessage(), "--job", "");
    }
  }

  private static byte[] blob(Map<Digest, Path> blobs, Digest digest) throws IOException {
    Path file = blobs.get(digest);
    if (file == null) {
      throw CommandFailure.usage(
          "the job names %s and no file of it".formatted(digest), "--job", "");
    }
    return bytes(file);
  }

  /** A file of up to 64 MiB. */
  static byte[] bytes(Path file) throws IOException {
    return bytes(file, "FILE");
  }

  /** The same of a file that was named for {@code field}. */
  static byte[] bytes(Path file, String field) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage("there is no file " + file, field, "");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw CommandFailure.usage(file + " is longer than 64 MiB", field, "");
    }
    return Files.readAllBytes(file);
  }
}
