package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.witness.Witness;
import xyz.openledger.chainanchor.witness.WitnessStore;
import xyz.openledger.cluster.witness.WitnessServer;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.KeyFile;

@Command(
    name = "witness",
    description = "Runs a witness: cosigns a log's checkpoints as long as each follows the last.",
    footer = {
      "",
      "What it cosigned is on disk before it answers; it never signs two logs of one name. Without"
          + " --log-key the",
      "log's key is asked of the log at the first contact, and is pinned from then on. Members ask"
          + " it by",
      "C2SP tlog-witness: name its key and its URL in their file of --witnesses.",
      "",
      "Example: openledger witness --log http://127.0.0.1:7400/log --key witness.pem --state"
          + " witness"
    })
final class WitnessCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int KEY_BYTES_MAX = 1_024;

  @Mixin Output output;

  @Option(
      names = "--log",
      required = true,
      paramLabel = "URL",
      description = "the log's prefix, such as http://127.0.0.1:7400/log")
  URI log = URI.create("");

  @Option(
      names = "--log-key",
      paramLabel = "FILE",
      description = "the log's C2SP verifier key (default: as the log says at the first contact)")
  @Nullable Path logKey;

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "the witness's Ed25519 key, PKCS#8 PEM; made if there is none")
  Path key = Path.of("");

  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "what it saw; never share, copy back or delete it")
  Path state = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "what its cosignatures are signed as (default openledger.xyz/witness)")
  String name = "openledger.xyz/witness";

  @Option(names = "--host", description = "to listen on (default 127.0.0.1)")
  String host = "127.0.0.1";

  @Option(names = "--port", description = "to listen on (default 7446; 0: any)")
  int port = 7_446;

  private @Nullable Witness witness;

  WitnessCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    Shell shell = output.shell();
    Ed25519Key signing = KeyFile.ed25519(shell.resolve(key));
    WitnessStore store;
    try {
      store = WitnessStore.open(shell.resolve(state));
      if (logKey != null) {
        store.pin(LogKey.parse(Files.readString(shell.resolve(logKey)).strip()));
      }
      store.seen();
    } catch (IOException | IllegalArgumentException unusable) {
      throw CommandFailure.failed("" + unusable.getMessage(), "");
    }
    try (store;
        var server = WitnessServer.start(host, port, () -> witness(store, signing))) {
      var stopped = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown, "witness-shutdown"));
      shell.note(
          "witness up at http://%s:%d for %s; its key is %s"
              .formatted(host, server.port(), log, WitnessKey.of(name, signing.publicKey())));
      stopped.await();
    }
    return ExitCode.OK;
  }

  private synchronized Witness witness(WitnessStore store, Ed25519Key signing) throws IOException {
    if (witness == null) {
      if (store.logKey().isEmpty()) {
        store.pin(ask());
        output.shell().note("pinned the log's key: " + store.logKey().orElseThrow());
      }
      witness =
          new Witness(store.logKey().orElseThrow(), name, signing, store, InstantSource.system());
    }
    return witness;
  }

  /** The log's key, as the log says. */
  private LogKey ask() throws IOException {
    try (var client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(log + "/key")).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.US_ASCII), KEY_BYTES_MAX));
      return LogKey.parse(answer.body());
    } catch (IOException | IllegalArgumentException away) {
      throw new IOException("the log's key is not known: " + log + "/key: " + away.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
