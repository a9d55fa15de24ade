package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.DevChain;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** The verbs about private models, with the real prover, the real contract and a real EVM. */
class ZkCommandTest {
  private static final Path HOME =
      Path.of(System.getProperty("openledger.home", "..")).toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void provesRegistersVerifiesAndRecordsOnce() throws Exception {
    var key = Secp256k1Key.generate();
    KeyFile.save(folder.resolve("owner.pem"), key);
    try (var chain = DevChain.start(DevChain.program(HOME), folder.resolve("chain"), freePort())) {
      chain.fund(key.address());

      var proven = run("prove", "--owner", key.address().value(), "--job", "applicant 17");
      var unregistered = run("verify", "evidence.json");
      var registered =
          run("register", "evidence.json", "--rpc", "" + chain.uri(), "--key", "owner.pem");
      assertThat(registered.err()).isEmpty();
      String contract =
          Json.tree(registered.out().getBytes(StandardCharsets.UTF_8)).path("contract").asText();
      var verified =
          run("verify", "evidence.json", "--rpc", "" + chain.uri(), "--contract", contract);
      String[] record = {
        "record",
        "evidence.json",
        "--rpc",
        "" + chain.uri(),
        "--contract",
        contract,
        "--key",
        "owner.pem"
      };
      var recorded = run(record);
      var again = run(record);

      assertThat(proven.exitCode()).as(proven.err()).isZero();
      assertThat(unregistered.exitCode()).isZero();
      assertThat(registered.exitCode()).isZero();
      assertThat(verified.exitCode()).as(verified.err()).isZero();
      assertThat(verified.out()).contains("\"believed\"", "\"insecure\"", "INSECURE");
      assertThat(recorded.exitCode()).as(recorded.err()).isZero();
      assertThat(again.exitCode()).isNotZero();
      assertThat(Files.readString(folder.resolve("evidence.json")))
          .doesNotContain("salt", "first", "firstBias");
    }
  }

  @Test
  void saysNoToEvidenceForAnotherJob() throws Exception {
    var proven =
        run("prove", "--owner", Secp256k1Key.generate().address().value(), "--job", "applicant 17");
    assertThat(proven.exitCode()).as(proven.err()).isZero();
    Path file = folder.resolve("evidence.json");
    Files.writeString(file, Files.readString(file).replace("applicant 17", "applicant 18"));

    var verified = run("verify", "evidence.json");

    assertThat(verified.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(verified.out()).contains("inference: the proof shows something else");
  }

  @Test
  void refusesAModelOutOfRangeBeforeAnythingIsProven() throws Exception {
    Path model = HOME.resolve("examples/private-model/model.json");
    Files.writeString(
        folder.resolve("model.json"),
        Files.readString(model).replaceFirst("\\[\\s*\\[-?\\d+", "[[300"));

    var proven =
        run(
            "prove",
            "--owner",
            Secp256k1Key.generate().address().value(),
            "--job",
            "x",
            "--model",
            "model.json");

    assertThat(proven.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(proven.err()).contains("first[0] must be 16 whole numbers from -128 to 127");
  }

  private TestShell.Result run(String verb, String... arguments) throws IOException {
    var all = new java.util.ArrayList<>(java.util.List.of("zk", verb));
    all.addAll(java.util.List.of(arguments));
    if (verb.equals("prove")) {
      if (!all.contains("--model")) {
        all.add("--model");
        all.add(HOME.resolve("examples/private-model/model.json").toString());
      }
      all.add("--input");
      all.add(HOME.resolve("examples/private-model/input.json").toString());
      all.add("--file");
      all.add("evidence.json");
    }
    all.add("-o");
    all.add("json");
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var shell =
        new Shell(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            folder,
            HOME,
            false);
    int exitCode = OpenLedger.run(shell, all.toArray(String[]::new));
    return new TestShell.Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private TestShell.Result run(String[] words) throws IOException {
    return run(words[0], java.util.Arrays.copyOfRange(words, 1, words.length));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
