package cases
import ("testing";"os";"strconv";"fmt")
func TestDbg(t *testing.T){ f:=newAcademy(); want,_:=strconv.Atoi(os.Getenv("N")); var c Case
 for n:=0;n<=want;n++ { c,_ = draw(n,f) }
 a:=askPage(t,[]Case{c}); r:=verifierOf(t,c).Credential(t.Context(),c.Input)
 fmt.Println(c.Name); fmt.Println(string(c.Input)); p:=a[c.id()]
 for i,m:=range r.Checks { x:=p.Report.Checks[i]; fmt.Println(m.Name,m.Outcome,m.Code,m.Place,m.Text,"\n   PAGE",x.Outcome,x.Code,x.Place,x.Text)}
 logReport(t,askCommand(t,[]Case{c})[0]) }
