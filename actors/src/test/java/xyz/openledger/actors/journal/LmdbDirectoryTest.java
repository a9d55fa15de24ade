package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.journal.Stores.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbDirectoryTest {
  private static final List<String> TABLES = List.of("data");

  @TempDir private Path directory;

  @Test
  void saysWhatItHolds() throws IOException {
    open("things 1").close();

    assertThat(directory.resolve("FORMAT")).hasContent("things 1");
    open("things 1").close();
  }

  @Test
  void refusesAnotherFormat() {
    open("things 1").close();

    assertThatThrownBy(() -> open("things 2"))
        .isInstanceOf(JournalException.Unusable.class)
        .hasMessage(
            directory
                + " cannot be used: FORMAT says \"things 1\", this program reads \"things 2\"");
  }

  @Test
  void refusesDataOfAnUnknownFormat() throws IOException {
    open("things 1").close();
    Files.delete(directory.resolve("FORMAT"));

    assertThatThrownBy(() -> open("things 1"))
        .hasMessageContaining("it holds data but no FORMAT file");
  }

  @Test
  void refusesToBeOpenedTwice() {
    try (var _ = open("things 1")) {
      assertThatThrownBy(() -> open("things 1"))
          .hasMessageContaining("it is already open in this process");
    }
    open("things 1").close();
  }

  @Test
  void refusesAFileInItsPlace() throws IOException {
    var file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> LmdbDirectory.open(settings(file), "things 1", TABLES))
        .isInstanceOf(JournalException.Unusable.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void refusesAFileThatIsNotLmdbs() throws IOException {
    open("things 1").close();
    Files.write(directory.resolve("data.mdb"), new byte[100_000]);

    assertThatThrownBy(() -> open("things 1")).isInstanceOf(JournalException.Unusable.class);
  }

  @Test
  void isOpenedAgainAfterAFailure() {
    open("things 1").close();
    assertThatThrownBy(() -> open("things 2")).isInstanceOf(JournalException.Unusable.class);

    open("things 1").close();
  }

  private LmdbDirectory open(String format) {
    return LmdbDirectory.open(settings(directory), format, TABLES);
  }
}
