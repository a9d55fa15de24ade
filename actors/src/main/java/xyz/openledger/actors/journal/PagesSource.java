package xyz.openledger.actors.journal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * A stream over pages. A page is read when the one before has been taken, so a slow reader holds
 * one page and nothing else. A live stream that has caught up waits for a commit; it never polls.
 *
 * @param <T> what a page holds
 */
final class PagesSource<T> extends GraphStage<SourceShape<T>> {
  private final Outlet<T> out = Outlet.create("PagesSource.out");
  private final SourceShape<T> shape = SourceShape.of(out);
  private final Supplier<Pages<T>> pages;
  private final @Nullable Appends appends;

  private PagesSource(Supplier<Pages<T>> pages, @Nullable Appends appends) {
    this.pages = pages;
    this.appends = appends;
  }

  /** A stream that ends with what is stored when it starts. */
  static <T> Source<T, NotUsed> current(Supplier<Pages<T>> pages, String dispatcher) {
    return source(new PagesSource<>(pages, null), dispatcher);
  }

  /** A stream that goes on with what is committed later, until its pages are exhausted. */
  static <T> Source<T, NotUsed> live(Supplier<Pages<T>> pages, Appends appends, String dispatcher) {
    return source(new PagesSource<>(pages, appends), dispatcher);
  }

  private static <T> Source<T, NotUsed> source(PagesSource<T> stage, String dispatcher) {
    // Reading may wait for the disk, so it happens away from the actors.
    return Source.fromGraph(stage).withAttributes(ActorAttributes.dispatcher(dispatcher));
  }

  @Override
  public SourceShape<T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Reader();
  }

  private final class Reader extends GraphStageLogic {
    private Pages<T> source = new NoPages<>();
    private final Queue<T> page = new ArrayDeque<>();
    private Appends.@Nullable Subscription subscription;

    private Reader() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              push();
            }
          });
    }

    @Override
    public void preStart() {
      source = pages.get(); // here, on the reading threads, since it may look into the store
      if (appends != null) {
        AsyncCallback<Boolean> wake = createAsyncCallback(_ -> woken());
        subscription = appends.subscribe(() -> wake.invoke(true));
      }
    }

    @Override
    public void postStop() {
      if (subscription != null) {
        subscription.close();
      }
    }

    private void woken() {
      if (isAvailable(out)) {
        push();
      }
    }

    private void push() {
      if (!read() && subscription != null) {
        // Look again after asking to be woken: the commit may have come in between.
        subscription.await();
        var _ = read();
      }
      var next = page.poll();
      if (next != null) {
        push(out, next);
      } else if (subscription == null || source.exhausted()) {
        completeStage();
      }
    }

    /** Whether there is something to push, reading a page if need be. */
    private boolean read() {
      if (page.isEmpty() && !source.exhausted()) {
        page.addAll(source.next());
      }
      return !page.isEmpty();
    }
  }

  private record NoPages<T>() implements Pages<T> {
    @Override
    public List<T> next() {
      return List.of();
    }

    @Override
    public boolean exhausted() {
      return false;
    }
  }
}
