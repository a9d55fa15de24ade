package xyz.openledger.protocol.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.api.Page;

/** A list that is fetched page by page as it is read; each iteration asks anew. */
public final class Pages<T> implements Iterable<T> {
  private final Function<String, Page<T>> fetch;

  /** The list whose pages {@code fetch} answers by cursor; the first one by the empty cursor. */
  Pages(Function<String, Page<T>> fetch) {
    this.fetch = fetch;
  }

  @Override
  public Iterator<T> iterator() {
    return new Walk<>(fetch);
  }

  /** The same as a stream, fetched as far as it is read. */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  private static final class Walk<T> implements Iterator<T> {
    private final Function<String, Page<T>> fetch;
    private @Nullable Page<T> page;
    private int next;

    Walk(Function<String, Page<T>> fetch) {
      this.fetch = fetch;
    }

    @Override
    public boolean hasNext() {
      Page<T> here = page == null ? turn("") : page;
      while (next >= here.items().size()) {
        if (here.cursor().isEmpty()) {
          return false;
        }
        String cursor = here.cursor();
        here = turn(cursor);
        if (here.cursor().equals(cursor)) {
          throw new MalformedAnswer("the list goes round in a circle at cursor " + cursor, null);
        }
      }
      return true;
    }

    @Override
    public T next() {
      Page<T> here = page;
      if (!hasNext() || (here = page) == null) {
        throw new NoSuchElementException();
      }
      return here.items().get(next++);
    }

    private Page<T> turn(String cursor) {
      Page<T> fetched = fetch.apply(cursor);
      page = fetched;
      next = 0;
      return fetched;
    }
  }
}
