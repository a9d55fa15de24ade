package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.tensors.Tensor;
import xyz.openledger.protocol.tensors.Tensors;

/**
 * The example's model of ONNX as jobs: {@code scores} of numbers, of which the first is a choice.
 */
record OnnxWork(LocalNetwork network, Digest model) {
  private static final Path EXAMPLE = Demo.home().resolve("examples/onnx");
  private static final int COLUMNS = 4;

  static OnnxWork of(LocalNetwork network) throws IOException {
    byte[] model = Files.readAllBytes(EXAMPLE.resolve("model.onnx"));
    return new OnnxWork(network, network.client().blobs().put(model).digest());
  }

  /** A job about one row; {@code arguments} a profile or nothing. */
  JobSpec job(float first, Policy policy, List<String> arguments) {
    return job(row("x", first), 1_000_000, policy, arguments);
  }

  private JobSpec job(byte[] input, long fuelMax, Policy policy, List<String> arguments) {
    return new JobSpec(
        "scores",
        Map.of(),
        new Workload.Onnx(model, fuelMax, 64L << 20, 65_536),
        List.of(new JobSpec.Task(arguments, network.client().blobs().put(input).digest())),
        policy);
  }

  private static byte[] row(String name, float first) {
    return Tensors.write(
        List.of(Tensor.floats(name, List.of(1L, (long) COLUMNS), first, 0.5f, -0.25f, 1)));
  }

  /** The member says no before anything is leased, and names the field. */
  void isRefusedWhereItCannotEnd(Policy policy, List<String> arguments) {
    assertRefused(job(row("z", 1), 1_000_000, policy, arguments), "tasks[0].input", "x is missing");
    assertRefused(job(new byte[9], 1_000_000, policy, arguments), "tasks[0].input", "header");
    assertRefused(job(row("x", 1), 10, policy, arguments), "workload.fuelMax", "takes");
    var nothing = new OnnxWork(network, network.client().blobs().put(new byte[] {8, 1}).digest());
    assertRefused(nothing.job(1, policy, arguments), "workload.model", "no graph");
  }

  private void assertRefused(JobSpec spec, String field, String why) {
    assertThatThrownBy(() -> network.client().jobs().submit(spec, UUID.randomUUID().toString()))
        .isInstanceOfSatisfying(
            MemberRefusal.class,
            refusal -> {
              assertThat(refusal.field()).isEqualTo(field);
              assertThat(refusal.detail()).contains(why);
            });
  }
}
