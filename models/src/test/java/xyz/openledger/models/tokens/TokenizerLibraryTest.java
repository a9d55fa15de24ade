package xyz.openledger.models.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.SpoiltJson;
import xyz.openledger.protocol.ProblemException;

/**
 * The library itself, given whatever our own reader lets through: it takes what is malformed for a
 * fault of its own and ends the process, with all that a node has under way in it.
 */
class TokenizerLibraryTest {
  private static final int FILES = Boolean.getBoolean("thorough") ? 1_000_000 : 10_000;
  private static final int VOCABULARY = 8;
  private static final int LONGEST_TOKEN = 6;

  private static final List<String> TEXTS =
      List.of(
          "ab c <e> \u00e9\ud83d\ude00", "", "aaaa  bbb", "\u0000\ud83d x", "A1 2b\n\n \u4e2d<e");

  @Test
  void noFileThatIsLetThroughEndsTheProcess(@TempDir Path folder) throws Exception {
    int status = ChildProcess.run(folder, Reading.class, folder.toString(), "" + FILES);

    String said = Files.readString(folder.resolve("output"));
    String last = Files.readString(folder.resolve("file.json"), StandardCharsets.ISO_8859_1);
    assertThat(status).as("%s: %s", said, last).isZero();
    int read = Integer.parseInt(said.strip().lines().toList().getLast());
    // Of files that are all refused nothing would be learnt, as of files that are all right.
    assertThat(read).isBetween(FILES / 20, FILES / 10 * 9);
  }

  /** Draws files, reads them as a node does, and uses them. */
  static final class Reading {
    private Reading() {}

    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[0], "file.json");
      int files = Integer.parseInt(arguments[1]);
      var random = new SplittableRandom(1975);
      int read = 0;
      for (int i = 0; i < files; i++) {
        Files.write(file, new SpoiltJson(DrawnTokenizer.draw(random)).draw(random));
        try (var tokenizer = ModelTokenizer.read(file, VOCABULARY)) {
          read++;
          TEXTS.forEach(text -> decode(tokenizer, use(tokenizer, text)));
          decode(tokenizer, new int[] {0, 7, 1, 6, 2, 5, 3, 4, 100, -1});
        } catch (ProblemException refused) {
          // As it should be.
        }
      }
      System.out.println(read);
    }

    private static void decode(ModelTokenizer tokenizer, int[] tokens) {
      requireBounded(tokens.length * LONGEST_TOKEN, tokenizer.decode(tokens).length());
    }

    /** The most that any one step makes of a character is some hundred bytes. */
    private static void requireBounded(int before, int behind) {
      if (behind > 100 * (before + 64)) {
        throw new AssertionError("of %d there are %d".formatted(before, behind));
      }
    }

    /** What cannot be read is this text's fault, and the process goes on. */
    private static int[] use(ModelTokenizer tokenizer, String text) {
      try {
        int[] tokens = tokenizer.encode(tokenizer.harmless(text));
        requireBounded(text.length(), tokens.length);
        return tokens;
      } catch (RuntimeException refused) {
        return new int[] {1};
      }
    }
  }
}
