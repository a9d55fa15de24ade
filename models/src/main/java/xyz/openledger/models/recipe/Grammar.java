package xyz.openledger.models.recipe;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import xyz.openledger.models.training.Seeded;

/** Draws questions and answers of ten kinds from a seed. Every word of them is our own. */
final class Grammar {
  private static final List<String> DAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
  private static final List<String> TERM_QUESTIONS =
      List.of("What is %s?", "Define %s.", "Explain the word %s.", "What does %s mean?");
  private static final int SUM_MAX = 20;
  private static final int FACTOR_MAX = 10;

  private final Seeded random;
  private final List<String> terms = Resource.lines("terms.txt");
  private final List<String> facts = Resource.lines("facts.txt");
  private final List<String> opposites = Resource.lines("opposites.txt");
  private final Map<String, List<String>> words = new HashMap<>();

  Grammar(Seeded random) {
    this.random = random;
    for (String line : Resource.lines("words.txt")) {
      String[] parts = line.split(": ", 2);
      words.put(parts[0], List.of(parts[1].split(parts[1].contains(" / ") ? " / " : " ")));
    }
  }

  /** The next question with its answer. */
  Exchange next() {
    return switch (random.below(20)) {
      case 0, 1, 2, 3 -> term();
      case 4, 5, 6 -> fact();
      case 7, 8, 9, 10 -> sum();
      case 11, 12 -> product();
      case 13 -> count();
      case 14 -> opposite();
      case 15 -> day();
      case 16 -> capitals();
      case 17 -> spelling();
      default -> story();
    };
  }

  Exchange term() {
    String[] term = pick(terms).split("\\|", -1);
    String name = term[0];
    String form = pick(TERM_QUESTIONS);
    boolean article = form.startsWith("What is") && !term[1].startsWith(capital(name));
    return new Exchange(form.formatted(article ? withArticle(name, term[1]) : name), term[1]);
  }

  Exchange fact() {
    String[] fact = pick(facts).split("\\|", -1);
    return new Exchange(pick(List.of(fact[0].split(" / "))), fact[1]);
  }

  Exchange sum() {
    int a = random.below(SUM_MAX + 1);
    int b = random.below(SUM_MAX + 1);
    if (random.below(2) == 0) {
      return calculation(a, "plus", "+", b, a + b);
    }
    return calculation(Math.max(a, b), "minus", "-", Math.min(a, b), Math.abs(a - b));
  }

  Exchange product() {
    int a = random.below(FACTOR_MAX + 1);
    int b = random.below(FACTOR_MAX + 1);
    return calculation(a, "times", "*", b, a * b);
  }

  Exchange story() {
    String animal = pick("animals");
    String name = pick("names");
    String other = pick("animals");
    String adjective = pick("adjectives");
    String finds =
        pick("finds").replace("{thing}", pick("things")).replace("{place}", pick("places"));
    String meets =
        pick("meets")
            .replace("{a} {animal2}", article(other) + " " + other)
            .replace("{adjective2}", pick("adjectives"));
    String story =
        "Once there was %s %s %s named %s. %s One day %s %s. Then %s %s. %s"
            .formatted(
                article(adjective),
                adjective,
                animal,
                name,
                pick("weather"),
                name,
                finds,
                name,
                meets,
                pick("ends"));
    String asked =
        pick(
            List.of(
                "Tell me a story about %s %s.",
                "Tell a story about %s %s.", "Write a story with %s %s."));
    return new Exchange(asked.formatted(article(animal), animal), story);
  }

  private Exchange calculation(int a, String word, String sign, int b, int result) {
    String question =
        switch (random.below(3)) {
          case 0 -> "What is %d %s %d?".formatted(a, word, b);
          case 1 -> "%d %s %d".formatted(a, sign, b);
          default -> "How much is %d %s %d?".formatted(a, word, b);
        };
    return new Exchange(question, "%d %s %d is %d.".formatted(a, word, b, result));
  }

  private Exchange count() {
    int from = random.below(20);
    int to = from + 2 + random.below(6);
    String numbers =
        IntStream.rangeClosed(from, to)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return new Exchange("Count from %d to %d.".formatted(from, to), numbers + ".");
  }

  private Exchange opposite() {
    String[] pair = pick(opposites).split(" ", -1);
    int first = random.below(2);
    return new Exchange(
        "What is the opposite of %s?".formatted(pair[first]),
        "The opposite of %s is %s.".formatted(pair[first], pair[1 - first]));
  }

  private Exchange day() {
    int day = random.below(7);
    boolean after = random.below(2) == 0;
    String word = after ? "after" : "before";
    String other = DAYS.get((day + (after ? 1 : 6)) % 7);
    return new Exchange(
        "Which day comes %s %s?".formatted(word, DAYS.get(day)),
        "%s comes %s %s.".formatted(other, word, DAYS.get(day)));
  }

  private Exchange capitals() {
    String text = random.below(2) == 0 ? pick("lists") : fact().answer();
    String shown = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return new Exchange("Write in capitals: " + shown, shown.toUpperCase(Locale.ROOT));
  }

  private Exchange spelling() {
    String word = pick("lists");
    String letters =
        word.chars().mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining(" "));
    return new Exchange("Spell the word " + word + ".", letters);
  }

  private String pick(String list) {
    return pick(words.getOrDefault(list, List.of()));
  }

  private String pick(List<String> list) {
    return list.get(random.below(list.size()));
  }

  private static String withArticle(String name, String answer) {
    return (answer.startsWith("The ") ? "the" : article(name)) + " " + name;
  }

  private static String article(String word) {
    return "aeiou".indexOf(word.charAt(0)) >= 0 ? "an" : "a";
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
