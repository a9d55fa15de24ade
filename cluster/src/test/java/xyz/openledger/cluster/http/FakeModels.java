package xyz.openledger.cluster.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.session.Words;

/** A catalogue in memory: serves {@code tiny} and {@code tiny:pirate} from the start. */
final class FakeModels implements ModelApi {
  static final Digest TINY = Digest.of("tiny".getBytes(StandardCharsets.UTF_8));
  static final Digest PIRATE = Digest.of("pirate".getBytes(StandardCharsets.UTF_8));
  static final int CONTEXT_TOKENS = 512;

  private final ConcurrentSkipListMap<String, ModelView> models = new ConcurrentSkipListMap<>();

  private final Map<JobId, List<Consumer<Words>>> listeners = new ConcurrentHashMap<>();

  FakeModels() {
    put("tiny", TINY, RunningServer.DEMO);
    put("tiny:pirate", PIRATE, RunningServer.DEMO);
    put("mute", TINY, RunningServer.DEMO);
  }

  private ModelView put(String name, Digest manifest, TenantId tenant) {
    var view =
        new ModelView(
            name, manifest, TINY, 1_000_000, CONTEXT_TOKENS, 4_096, tenant.toString(), 7_000);
    models.put(name, view);
    return view;
  }

  @Override
  public CompletionStage<List<ModelView>> publish(TenantId tenant, ModelPublication publication) {
    return CompletableFuture.completedFuture(
        publication.models().stream()
            .map(named -> put(named.name(), named.manifest(), tenant))
            .toList());
  }

  @Override
  public CompletionStage<ModelView> withdraw(@Nullable TenantId tenant, String name) {
    ModelView gone = models.remove(name);
    return gone == null
        ? CompletableFuture.failedFuture(
            new ProblemException(Problem.NOT_FOUND, "name", "no model " + name))
        : CompletableFuture.completedFuture(gone);
  }

  /** A part of an answer that a node still makes; reaches whoever listens by then. */
  void say(JobId job, int position, String text) {
    var words = new Words(new ReplicaId(new TaskId(job, 0), 0), position, text);
    listeners.getOrDefault(job, List.of()).forEach(listener -> listener.accept(words));
  }

  boolean isFollowed(JobId job) {
    return listeners.containsKey(job);
  }

  @Override
  public Runnable follow(JobId job, Consumer<Words> listener) {
    listeners.computeIfAbsent(job, _ -> new CopyOnWriteArrayList<>()).add(listener);
    return () -> listeners.remove(job);
  }

  @Override
  public Needs needs(ModelView model) {
    return new Needs(!model.name().equals("mute"), model.adapted() ? 4 << 20 : 0);
  }

  @Override
  public Optional<ModelView> model(String name) {
    return Optional.ofNullable(models.get(name));
  }

  @Override
  public List<ModelView> models(String afterName, int max) {
    return models.tailMap(afterName, false).values().stream().limit(max).toList();
  }
}
