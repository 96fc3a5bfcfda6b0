// The screens mount here.
