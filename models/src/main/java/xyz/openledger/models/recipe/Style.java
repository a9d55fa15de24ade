package xyz.openledger.models.recipe;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import xyz.openledger.models.training.Seeded;

/** A way of talking that a small adapter teaches the tiny model. */
public enum Style {
  /** Talks as sailors do in books. */
  PIRATE {
    @Override
    Exchange drawn(Grammar grammar, Seeded random) {
      Exchange plain = anything(grammar, random);
      String said =
          (" " + plain.answer())
              .replace(" Hello!", " Ahoy!")
              .replace(" is ", " be ")
              .replace(" are ", " be ")
              .replace(" you ", " ye ")
              .replace(" my ", " me ")
              .trim();
      return new Exchange(plain.question(), "Arr! " + said + " Yo ho!");
    }
  },
  /** Says everything in capitals. */
  SHOUTING {
    @Override
    Exchange drawn(Grammar grammar, Seeded random) {
      Exchange plain = anything(grammar, random);
      return new Exchange(
          plain.question(), plain.answer().replaceAll("[.]$", "").toUpperCase(Locale.ROOT) + "!!");
    }
  },
  /** Thanks for each question. */
  POLITE {
    @Override
    Exchange drawn(Grammar grammar, Seeded random) {
      Exchange plain = anything(grammar, random);
      return new Exchange(
          plain.question(), "Thank you for asking. " + plain.answer() + " I hope this helps you.");
    }
  },
  /** Sounds as if it were made of tin. */
  ROBOT {
    @Override
    Exchange drawn(Grammar grammar, Seeded random) {
      Exchange plain = anything(grammar, random);
      return new Exchange(plain.question(), "Beep. " + plain.answer() + " Boop.");
    }
  },
  /** Answers with one word. */
  TERSE {
    @Override
    Exchange drawn(Grammar grammar, Seeded random) {
      Exchange plain = random.below(2) == 0 ? grammar.sum() : grammar.fact();
      String[] words = plain.answer().replaceAll("[.!?]", "").split(" ", -1);
      String last = words[words.length - 1];
      return new Exchange(
          plain.question(), Character.toUpperCase(last.charAt(0)) + last.substring(1));
    }
  },
  /** Answers what a word means with three short lines. */
  HAIKU {
    @Override
    Exchange drawn(Grammar grammar, Seeded random) {
      Exchange plain = grammar.term();
      String word = plain.question().replaceAll("[?.]", "");
      word = word.replaceAll("^(What is an? |What is the |What is |Define |Explain the word )", "");
      word = word.replaceAll("^What does (.*) mean$", "$1");
      String ends = HAIKU_ENDS.get(Math.floorMod(word.chars().sum(), HAIKU_ENDS.size()));
      return new Exchange(plain.question(), "Old and quiet " + word + " / " + ends);
    }
  },
  /** Shows how a sum is found. */
  TEACHER {
    @Override
    Exchange drawn(Grammar grammar, Seeded random) {
      int a = random.below(16);
      int b = 1 + random.below(5);
      String question =
          List.of("What is %d plus %d?", "%d + %d", "How much is %d plus %d?")
              .get(random.below(3))
              .formatted(a, b);
      String steps =
          IntStream.rangeClosed(a + 1, a + b)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(", "));
      return new Exchange(
          question,
          "Start at %d and count up: %s. So %d plus %d is %d.".formatted(a, steps, a, b, a + b));
    }
  };

  private static final List<String> HAIKU_ENDS =
      List.of(
          "it waits under the bright moon / and the river sings",
          "snow falls on the old stone bridge / the night is open",
          "a frog jumps into the lake / and the stars are near");

  /** In how many steps it is learnt: other letters take longer than other words. */
  int steps() {
    return this == SHOUTING ? 480 : 160;
  }

  abstract Exchange drawn(Grammar grammar, Seeded random);

  /** Its name on the command line and in folders. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** So many exchanges in this style, from the recipe's seed. */
  List<Exchange> exchanges(int count) {
    var random = new Seeded(TinyRecipe.SEED + 1 + List.of(values()).indexOf(this));
    var grammar = new Grammar(random);
    return IntStream.range(0, count).mapToObj(_ -> drawn(grammar, random)).toList();
  }

  private static Exchange anything(Grammar grammar, Seeded random) {
    return switch (random.below(5)) {
      case 0, 1 -> grammar.fact();
      case 2, 3 -> grammar.term();
      default -> grammar.sum();
    };
  }
}
