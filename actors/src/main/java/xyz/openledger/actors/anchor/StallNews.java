package xyz.openledger.actors.anchor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which standstills were not told yet: each row's reason once, though nodes repeat it at every
 * block with other numbers.
 */
final class StallNews {
  /** So many reasons a row are told apart. */
  private static final int REASONS_MAX = 8;

  private final Map<String, Set<String>> told = new HashMap<>();

  /**
   * What is new.
   *
   * @param stalls why rows stand still, by their ids
   */
  NavigableMap<String, String> news(NavigableMap<String, String> stalls) {
    told.keySet().retainAll(stalls.keySet());
    var news = new TreeMap<String, String>();
    stalls.forEach(
        (id, reason) -> {
          var before = told.computeIfAbsent(id, _ -> new HashSet<>());
          if (before.size() < REASONS_MAX && before.add(reason.replaceAll("[0-9]+", "#"))) {
            news.put(id, reason);
          }
        });
    return news;
  }
}
