package xyz.openledger.protocol.api;

import java.util.List;

/**
 * One page of a list.
 *
 * @param cursor for the next page; empty at the end
 */
@Answer
public record Page<T>(List<T> items, String cursor) {
  /** The most items of a page. */
  public static final int LIMIT_MAX = 200;

  /** Keeps its own copy. */
  public Page {
    items = List.copyOf(items);
  }

  /** A page that is the whole list. */
  public static <T> Page<T> whole(List<T> items) {
    return new Page<>(items, "");
  }
}
