// @ts-check
/**
 * What every page does. Each behaviour is a module of its own; this one only starts them.
 */
import "htmx";
import "baton/dialog";
import "baton/failures";
import "baton/keys";
import "baton/loading";
import "baton/menu";
import "baton/theme";
import "baton/times";
import "baton/toast";
