package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.CourtContract;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.log.LogTree;
import xyz.openledger.chainanchor.log.TilePath;
import xyz.openledger.chainanchor.log.TiledNodes;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "export",
    description = "Writes what convicts a node whose outcome an anchored receipt refutes.",
    footer = {
      "",
      "The file holds two signed statements and their ways into the log; anybody may bring it to"
          + " the court:",
      "openledger dispute submit. It is proven at the log's newest checkpoint on the chain; when"
          + " that has moved on,",
      "write it anew.",
      "",
      "Example: openledger dispute export JOB --rpc http://127.0.0.1:7445 --out accusation.json"
    })
final class DisputeExportCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Mixin Member member;

  @Parameters(paramLabel = "JOB", description = "a job with a replica that was rejected")
  String job = "";

  @Option(
      names = "--replica",
      paramLabel = "ID",
      description = "which replica (default: the first that the receipt refutes)")
  @Nullable String replica;

  @Option(names = "--rpc", required = true, paramLabel = "URL", description = "a node of the chain")
  URI rpc = URI.create("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "where to write the accusation; not there yet")
  Path out = Path.of("");

  DisputeExportCommand(Shell shell) {
    this.member = new Member(shell);
  }

  /** What programs read. */
  record Answer(String accused, String replica, String court, long atSize, String file) {}

  @Override
  public Integer call() throws IOException {
    Path file = member.shell().resolve(out);
    if (Files.exists(file)) {
      throw CommandFailure.usage(file + " is there already; nothing was written", "--out", "");
    }
    OpenLedgerClient client = member.client();
    var proof = client.receipts().prove(job);
    Address contract = court(client);
    long size = size(contract);
    if (size <= proof.index()) {
      throw CommandFailure.failed("the receipt is not on the chain yet; ask again later", "");
    }
    ReplicaId accused = accused(proof);
    var accusation = Accusation.of(at(proof, size), accused);
    Files.write(file, (Json.pretty(accusation) + "\n").getBytes(StandardCharsets.UTF_8));
    var answer =
        new Answer(
            accusation.node().value(), accused.toString(), contract.value(), size, file.toString());
    member.print(
        answer,
        () ->
            Table.fields(
                List.of(
                    field("accused", answer.accused() + " for " + answer.replica()),
                    field("court", answer.court()),
                    field("proven at", "log size " + answer.atSize()),
                    field("written to", answer.file()),
                    field(
                        "bring it by",
                        "openledger dispute submit %s --rpc %s --contract %s --key KEY"
                            .formatted(out, rpc, answer.court())))));
    return ExitCode.OK;
  }

  private ReplicaId accused(ReceiptProof proof) {
    List<ReplicaId> found = Accusation.accusable(Json.read(proof.document(), Receipt.class));
    if (found.isEmpty()) {
      throw CommandFailure.failed(
          "its receipt refutes no node: nobody signed another outcome than was accepted", "");
    }
    if (replica == null) {
      return found.getFirst();
    }
    ReplicaId named = ReplicaId.parse(replica);
    if (!found.contains(named)) {
      throw CommandFailure.usage("the receipt refutes " + found, "--replica", "");
    }
    return named;
  }

  private static Address court(OpenLedgerClient client) {
    var named = client.version().contracts();
    Address court = named == null ? null : named.get("DisputeCourt");
    if (court == null) {
      throw CommandFailure.failed("the member names no DisputeCourt", "openledger version");
    }
    return court;
  }

  private long size(Address contract) {
    try {
      return new CourtContract(new ChainClient(new JsonRpc(rpc)), contract).anchoredSize();
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  /** The same receipt, proven at another size of the log from the tiles that anybody can read. */
  private ReceiptProof at(ReceiptProof proof, long size) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var tree = new LogTree(new TiledNodes(size, path -> tile(http, path)));
      return new ReceiptProof(
          proof.version(),
          proof.document(),
          proof.leaf(),
          proof.index(),
          size,
          tree.inclusionProof(proof.index(), size),
          proof.checkpoint(),
          null,
          List.of());
    } catch (UncheckedIOException unreadable) {
      throw CommandFailure.failed("the log cannot be read: " + unreadable.getMessage(), "");
    }
  }

  private byte[] tile(HttpClient http, TilePath path) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(member.url() + "/log/tile/" + path.text()))
            .timeout(PATIENCE)
            .build();
    try {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException(request.uri() + " answers " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
