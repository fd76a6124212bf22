use Test::More skip_all => "stage is not 'prod'";
