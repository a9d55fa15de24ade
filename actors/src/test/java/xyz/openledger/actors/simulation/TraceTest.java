package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

class TraceTest {
  private static final String HEADER =
      "submit_s,tenant,tasks,duration_s,memory_mib,priority,gang,region\n";

  @Test
  void readsJobs() {
    assertThat(Trace.parse("# mine\n" + HEADER + "0.5,ada,8,60,256,9,true,eu-west\n\n"))
        .containsExactly(new Trace.Row(0.5, new TenantId("ada"), 8, 60, 256, 9, true, "eu-west"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0,ada,1,60,64,4,false| line 3| has 7 columns, must have 8",
        "x,ada,1,60,64,4,false,| line 3, column submit_s| got 'x'",
        "NaN,ada,1,60,64,4,false,| line 3, column submit_s| got 'NaN'",
        "0,Ada,1,60,64,4,false,| line 3, column tenant| got 'Ada'",
        "0,ada,0,60,64,4,false,| line 3, column tasks| from 1.0 to 256.0",
        "0,ada,1.5,60,64,4,false,| line 3, column tasks| a whole number",
        "0,ada,1,-1,64,4,false,| line 3, column duration_s| got '-1'",
        "0,ada,1,60,2000,4,false,| line 3, column memory_mib| got '2000'",
        "0,ada,1,60,64,10,false,| line 3, column priority| got '10'",
        "0,ada,1,60,64,4,yes,| line 3, column gang| true or false",
        "0,ada,1,60,64,4,false,mars| line 3, column region| got 'mars'"
      })
  void namesLineAndColumnOfWhatItCannotRead(String line, String where, String what) {
    assertThatThrownBy(() -> Trace.parse(HEADER + "1,bob,1,60,64,4,false,\n" + line))
        .isInstanceOfSatisfying(
            ProblemException.class, wrong -> assertThat(wrong.field()).isEqualTo(where))
        .hasMessageContaining(what);
  }

  @Test
  void asksForItsColumns() {
    assertThatThrownBy(() -> Trace.parse("a,b\n")).hasMessageContaining("submit_s,tenant");
    assertThatThrownBy(() -> Trace.parse(HEADER)).hasMessageContaining("has no jobs");
  }

  @Test
  void isSimulatedAsItStands() {
    var rows = Trace.parse(HEADER + "0,ada,1,60,64,4,false,\n5,bob,2,60,64,4,true,\n");

    var report = Comparison.run(new Comparison.Plan(1, 1, 8, 1, 100, rows), _ -> {});

    assertThat(report.jobs()).isEqualTo(2);
    assertThat(report.rows().getFirst().figures().settled()).isEqualTo(2);
  }
}
