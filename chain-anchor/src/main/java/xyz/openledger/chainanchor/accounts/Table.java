package xyz.openledger.chainanchor.accounts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map that can be forked at no cost: a fork sees what lies below it, and keeps its own changes to
 * itself. So a batch of commands can be decided one upon the other before any of it is written
 * down.
 */
final class Table<K, V> {
  private final @Nullable Table<K, V> below;
  private final Map<K, V> entries = new HashMap<>();
  private final Set<K> removed = new HashSet<>();
  private int size;

  Table() {
    this(null);
  }

  private Table(@Nullable Table<K, V> below) {
    this.below = below;
    this.size = below == null ? 0 : below.size;
  }

  /** A view of this table whose changes do not reach it. Valid until this table changes. */
  Table<K, V> fork() {
    return new Table<>(this);
  }

  @Nullable V get(K key) {
    V own = entries.get(key);
    return own != null || below == null || removed.contains(key) ? own : below.get(key);
  }

  boolean contains(K key) {
    return get(key) != null;
  }

  void put(K key, V value) {
    size += contains(key) ? 0 : 1;
    entries.put(key, value);
    if (below != null) {
      removed.remove(key);
    }
  }

  void remove(K key) {
    size -= contains(key) ? 1 : 0;
    entries.remove(key);
    if (below != null) {
      removed.add(key);
    }
  }

  /** Everything in it, in a new map. */
  Map<K, V> toMap() {
    Map<K, V> all = below == null ? new HashMap<>() : below.toMap();
    all.keySet().removeAll(removed);
    all.putAll(entries);
    return all;
  }

  int size() {
    return size;
  }
}
