package xyz.openledger.cluster.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Collectors;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Readiness;
import xyz.openledger.protocol.client.ClientException;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

/** The member and the chain. */
public final class Network {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String CHAIN_ID_CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}";

  private Network() {}

  /**
   * Whether the member answers and takes work.
   *
   * @param expected whether one should be up: it was asked for, or wrote that it is
   */
  public static Finding member(OpenLedgerClient client, boolean expected) {
    try {
      Readiness readiness = client.readiness();
      return readiness.ready()
          ? Finding.ok("member", client.url() + " takes work")
          : Finding.failure("member", client.url() + " is not ready: " + open(readiness), "wait");
    } catch (ClientException absent) {
      String detail = String.valueOf(absent.getMessage());
      return expected
          ? Finding.failure("member", detail, "openledger dev")
          : Finding.warning("member", "none is up at " + client.url(), "openledger dev");
    }
  }

  /** Whether the token is good there. */
  public static Finding token(OpenLedgerClient client) {
    try {
      boolean pools = client.network().pools().iterator().hasNext();
      return Finding.ok("token", pools ? "accepted" : "accepted; there is no pool yet");
    } catch (MemberRefusal refusal) {
      return refusal.is(Problem.UNAUTHENTICATED)
          ? Finding.failure(
              "token", refusal.detail(), "set OPENLEDGER_TOKEN, or give --token-file FILE")
          : Finding.ok("token", "accepted, and may not list pools");
    } catch (ClientException absent) {
      return Finding.warning("token", "not tried: " + absent.getMessage(), "");
    }
  }

  /** Whether the chain answers. */
  public static Finding chain(URI rpc) {
    String fix = "openledger dev starts one; for another, check the URL and its provider";
    try (var http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      var request =
          HttpRequest.newBuilder(rpc)
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(CHAIN_ID_CALL))
              .build();
      byte[] answer =
          http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), 1 << 16)).body();
      String id = Json.tree(answer).path("result").asText("");
      return id.startsWith("0x")
          ? Finding.ok("chain", rpc + " is chain " + Long.decode(id))
          : Finding.failure("chain", rpc + " does not speak JSON-RPC", fix);
    } catch (IOException | ProblemException | IllegalArgumentException absent) {
      return Finding.failure("chain", "no answer from " + rpc + ": " + absent.getMessage(), fix);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Finding.failure("chain", "interrupted", fix);
    }
  }

  private static String open(Readiness readiness) {
    return readiness.checks().stream()
        .filter(check -> !check.ok())
        .map(check -> check.name() + ": " + check.detail())
        .collect(Collectors.joining("; "));
  }
}
