package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogTiles;
import xyz.openledger.chainanchor.log.TilePath;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * The receipt log for everybody, below {@code /log}, as C2SP tlog-tiles lays it out. It needs no
 * token: a leaf holds an id and digests, and a log that asks who reads it is no public log.
 */
final class LogRoutes {
  /** What never changes may be kept for a year, by anybody on the way. */
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  /** A partial tile is replaced by a wider one within the second. */
  private static final String SHORT = "public, max-age=60";

  private final MemberApi api;
  private final ExecutorService disk;

  LogRoutes(MemberApi api, ExecutorService disk) {
    this.api = api;
    this.disk = disk;
  }

  List<Operation> operations() {
    return List.of(
        get("readCheckpoint", "/log/checkpoint", null, _ -> work(this::checkpoint)),
        get("readLogKey", "/log/key", null, _ -> work(this::key)),
        get(
            "readPayouts",
            "/log/payouts",
            null,
            _ -> api.publishedPayouts().thenApply(Replies::ok)),
        get("readTile", "/log/tile/{level}/{index}", null, call -> work(() -> tile(call))).open());
  }

  private HttpResponse checkpoint() {
    CheckpointNote note =
        api.publishedLog()
            .checkpoint()
            .orElseThrow(
                () -> new ProblemException(Problem.NOT_FOUND, "", "no checkpoint was made yet"));
    return Replies.text(ContentTypes.TEXT_PLAIN_UTF8, note.text());
  }

  private HttpResponse key() {
    return Replies.text(ContentTypes.TEXT_PLAIN_UTF8, api.version().logKey() + "\n");
  }

  private HttpResponse tile(Call call) {
    LogTiles tiles = api.publishedLog();
    TilePath path =
        TilePath.parse(call.part("level"), PathTemplate.split("/" + call.part("index")))
            .orElseThrow(() -> none("that is no path of a tile"));
    byte[] bytes =
        tiles.read(path).orElseThrow(() -> none("the checkpoint does not cover " + path.text()));
    return HttpResponse.create()
        .addHeader(
            RawHeader.create("Cache-Control", path.width() == TilePath.WIDTH ? IMMUTABLE : SHORT))
        .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"))
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_OCTET_STREAM, ByteString.fromArrayUnsafe(bytes)));
  }

  private static ProblemException none(String detail) {
    return new ProblemException(Problem.NOT_FOUND, "tile", detail);
  }

  private CompletionStage<HttpResponse> work(Supplier<HttpResponse> answer) {
    return CompletableFuture.supplyAsync(answer, disk);
  }
}
